# npm packages, exactly as the lockfile says; sourced by tools/setup.

packages_present() { cmp -s package-lock.json node_modules/.chestlight-lock; }

packages_get() {
  packages_present && return 0
  say 'npm ci'
  # No package of ours needs an install script, so none runs.
  npm ci --ignore-scripts --no-update-notifier --no-audit --no-fund --loglevel=error >&2 ||
    die 'npm ci failed. Is the npm registry reachable? The packages are named in package.json.'
  cp package-lock.json node_modules/.chestlight-lock  # last: an interrupted npm ci leaves none
}
