// Runs a libFuzzer entry point without libFuzzer: every file of a corpus as it is, cut off at every hundredth of its
// length, and 2,000 mutated copies in all (CHESTLIGHT_FUZZ_MUTATIONS: another number). The same inputs in every run: no
// clock, no seed from outside.
//
//   fuzz_<name> CORPUS…      each a file or a folder of files
//
// A failure is a crash or a sanitizer's report; the file, the kind of input and its number are on the last line of
// stderr when CHESTLIGHT_FUZZ_VERBOSE is set.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kUsualMutations = 2000;
constexpr int kTruncations = 100;
constexpr std::size_t kLongest = 1 << 20;

using Input = std::vector<std::uint8_t>;

// SplitMix64 (Steele, Lea and Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : next() % bound; }

 private:
  std::uint64_t state_;
};

// Lengths, counts and offsets are where parsers break: whole fields of extreme values, in both byte orders.
void write_extreme(Input& input, std::size_t at, Random& random) {
  constexpr std::uint64_t kExtremes[] = {
      0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fffffffffffffff, 0xffffffffffffffff};
  const std::uint64_t value = kExtremes[random.below(std::size(kExtremes))];
  const std::size_t bytes = std::size_t{1} << random.below(4);
  const bool big = random.below(2) == 1;
  for (std::size_t i = 0; i < bytes && at + i < input.size(); ++i)
    input[at + i] = static_cast<std::uint8_t>(value >> 8 * (big ? bytes - 1 - i : i));
}

void mutate_once(Input& input, const Input& other, Random& random) {
  if (input.empty()) input.push_back(0);
  // Half of all changes fall in the first 256 bytes, where headers are.
  const std::size_t reach = random.below(2) ? input.size() : std::min<std::size_t>(input.size(), 256);
  const std::size_t at = random.below(reach), length = 1 + random.below(std::min<std::size_t>(64, input.size() - at));
  const auto begin = input.begin() + static_cast<std::ptrdiff_t>(at);
  const auto end = begin + static_cast<std::ptrdiff_t>(length);
  switch (random.below(7)) {
    case 0: input[at] ^= static_cast<std::uint8_t>(1u << random.below(8)); break;
    case 1: input[at] = static_cast<std::uint8_t>(random.next()); break;
    case 2: write_extreme(input, at, random); break;
    case 3: input.erase(begin, end); break;
    case 4: {
      Input copied(begin, end);
      input.insert(begin, copied.begin(), copied.end());
      break;
    }
    case 5: std::generate(begin, end, [&] { return static_cast<std::uint8_t>(random.next()); }); break;
    default: {
      if (other.empty()) break;
      const std::size_t from = random.below(other.size());
      for (std::size_t i = 0; i < length && from + i < other.size(); ++i) input[at + i] = other[from + i];
    }
  }
}

struct CorpusFile {
  std::string name;
  Input bytes;
};

std::vector<CorpusFile> read_corpus(int count, char** paths) {
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < count; ++i) {
    if (!std::filesystem::is_directory(paths[i])) files.push_back(paths[i]);
    else
      for (const auto& entry : std::filesystem::directory_iterator(paths[i]))
        if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<CorpusFile> corpus;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    Input bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.size() <= kLongest) corpus.push_back({path.filename().string(), std::move(bytes)});
  }
  return corpus;
}

void run(const CorpusFile& file, const char* kind, int number, const Input& input) {
  static const bool verbose = std::getenv("CHESTLIGHT_FUZZ_VERBOSE") != nullptr;
  if (verbose) std::fprintf(stderr, "%s %s %d (%zu bytes)\n", file.name.c_str(), kind, number, input.size());
  // An allocation of exactly this size, so that a read past its end is seen.
  const Input exact(input);
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

}  // namespace

int main(int argc, char** argv) {
  const auto corpus = read_corpus(argc - 1, argv + 1);
  if (corpus.empty()) {
    std::fprintf(stderr, "no corpus files in the arguments\n");
    return 2;
  }
  const char* wanted = std::getenv("CHESTLIGHT_FUZZ_MUTATIONS");
  const int mutations = wanted ? std::atoi(wanted) : kUsualMutations;
  int truncations = 0;
  for (const auto& file : corpus) {
    run(file, "as it is", 0, file.bytes);
    std::size_t previous = file.bytes.size();
    for (int percent = 0; percent < kTruncations; ++percent) {
      const std::size_t size = file.bytes.size() * percent / kTruncations;
      if (size == previous) continue;
      previous = size;
      run(file, "cut off at per cent", percent, Input(file.bytes.begin(), file.bytes.begin() + std::ptrdiff_t(size)));
      ++truncations;
    }
  }
  for (int n = 0; n < mutations; ++n) {
    Random random(static_cast<std::uint64_t>(n));
    const auto& file = corpus[n % corpus.size()];
    const auto& other = corpus[random.below(corpus.size())];
    Input input = file.bytes;
    for (std::size_t times = 1 + random.below(8); times > 0; --times) mutate_once(input, other.bytes, random);
    run(file, "mutation", n, input);
  }
  std::printf("%zu files, %d truncations, %d mutations: no crash\n", corpus.size(), truncations, mutations);
  return 0;
}
