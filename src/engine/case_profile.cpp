// The site profile of a case: see case_runner.h. It waits for its model; one made for another model than the one in use is
// refused, and the one before stays. A model that takes the place of its own puts it away.
#include "contract/case_json.h"
#include "contract/json_fields.h"
#include "contract/messages_json.h"
#include "engine/case_runner.h"
#include "engine/describe.h"

namespace chestlight {
namespace {

constexpr char kProfileKey[] = "site-profile";

}  // namespace

void CaseRunner::receive(const contract::UseProfile& message) {
  Result<NamedProfile> profile = read_site_profile(message.json);
  const bool here = backend_ && engine_.model();
  // Before there is a model nobody can say whether it is the profile's.
  Result<void> used = profile ? here ? engine_.use_profile(*profile) : Result<void>() : Result<void>(profile.error());
  if (!used) {
    contract::ProfileChanged told{profile_in_use()};
    told.error = describe(used.error());
    return post(told);
  }
  step(contract::Keep{kProfileKey, contract::named_message(message_name(message), to_json(message))});
  if (here) profile_changed(*profile);
  else profile_ = std::move(*profile);
}

void CaseRunner::receive(const contract::RemoveProfile&) {
  forget(kProfileKey);
  if (profile_) profile_changed(std::nullopt);
}

void CaseRunner::apply_profile() {
  if (!profile_) return;
  if (const Result<void> used = engine_.use_profile(profile_); !used) {
    forget(kProfileKey);
    profile_changed(std::nullopt);
    return post(contract::ProfileChanged{std::nullopt, describe(used.error())});
  }
  profile_changed(profile_);
}

void CaseRunner::profile_changed(const std::optional<NamedProfile>& profile) {
  if (!profile) (void)engine_.use_profile(std::nullopt);
  profile_ = profile;
  stabilities_.clear();
  for (const KeptJob& kept : kept_) engine_.cancel(kept.job);
  kept_.clear();
  post(contract::ProfileChanged{profile_in_use()});
}

std::optional<contract::ProfileInUse> CaseRunner::profile_in_use() const {
  const OperatingPoint* site = engine_.profile_point();
  auto model = engine_.model();
  if (!site || !profile_ || !model) return std::nullopt;
  return describe_profile(*profile_, *site, (*model)->manifest());
}

}  // namespace chestlight
