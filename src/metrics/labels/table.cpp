#include "metrics/labels/table.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/counted.h"

namespace chestlight {
namespace {

constexpr std::size_t kLargestTable = 256u << 20;
constexpr std::size_t kMostRows = 4'000'000;

bool begins_with(Bytes bytes, std::initializer_list<std::uint8_t> start) {
  return bytes.size() >= start.size() && std::equal(start.begin(), start.end(), bytes.begin());
}

/// Whether all bytes are well-formed UTF-8, but for overlong forms and surrogates, which no spreadsheet writes.
bool is_utf8(Bytes bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::uint8_t byte = bytes[i++];
    int more = byte < 0x80                   ? 0
               : byte >= 0xc2 && byte < 0xe0 ? 1
               : byte >= 0xe0 && byte < 0xf0 ? 2
               : byte >= 0xf0 && byte < 0xf5 ? 3
                                             : -1;
    if (more < 0) return false;
    for (; more > 0; --more)
      if (i == bytes.size() || (bytes[i++] & 0xc0) != 0x80) return false;
  }
  return true;
}

std::string from_latin1(Bytes bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (std::uint8_t byte : bytes) {
    if (byte < 0x80) {
      text.push_back(static_cast<char>(byte));
    } else {
      text.push_back(static_cast<char>(0xc0 | (byte >> 6)));
      text.push_back(static_cast<char>(0x80 | (byte & 0x3f)));
    }
  }
  return text;
}

char separator_of(std::string_view text) {
  constexpr std::string_view kSeparators = ",;\t|";
  std::array<int, kSeparators.size()> counts{};
  bool quoted = false;
  for (char letter : text) {
    if (letter == '"') quoted = !quoted;
    if (!quoted && (letter == '\n' || letter == '\r')) break;
    const std::size_t which = kSeparators.find(letter);
    if (!quoted && which != std::string_view::npos) ++counts[which];
  }
  return kSeparators[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

}  // namespace

std::string column_key(std::string_view name) {
  std::string key;
  for (char letter : name) {
    if (letter >= 'A' && letter <= 'Z') key.push_back(static_cast<char>(letter - 'A' + 'a'));
    else if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || (letter & 0x80)) key.push_back(letter);
  }
  return key;
}

int Table::find(std::string_view name) const {
  const std::string key = column_key(name);
  for (int column = 0; column < columns(); ++column)
    if (column_key(columns_[static_cast<std::size_t>(column)]) == key) return column;
  return -1;
}

/// Takes the text apart in place: a cell never becomes longer by losing its quotes.
class TableReader {
 public:
  explicit TableReader(Table& table) : table_(table), separator_(separator_of(table.text_)) {}

  Result<void> read() {
    CHESTLIGHT_CHECK(read_line());
    CHESTLIGHT_CHECK(take_head());
    while (place_ < table_.text_.size()) {
      ++line_;
      CHESTLIGHT_CHECK(read_line());
      if (line_cells_.size() == 1 && line_cells_[0].length == 0) continue;  // an empty line
      if (static_cast<std::size_t>(table_.rows()) >= kMostRows)
        return Error{ErrorCode::kTooLarge, "The table has more than 4 million rows.", "Keep the rows of the films at hand."};
      take_row();
    }
    say_what_was_odd();
    return {};
  }

 private:
  using Cell = Table::Cell;

  Result<void> read_line() {
    line_cells_.clear();
    std::string& text = table_.text_;
    for (;;) {
      std::size_t end = place_;  // where the next letter of the cell goes
      const std::size_t begin = place_;
      bool quoted = false, was_quoted = false;
      for (; place_ < text.size(); ++place_) {
        const char letter = text[place_];
        if (quoted) {
          if (letter != '"') {
            text[end++] = letter;
          } else if (place_ + 1 < text.size() && text[place_ + 1] == '"') {
            text[end++] = letter;
            ++place_;
          } else {
            quoted = false;
          }
        } else if (letter == '"' && (end == begin || blank(begin, end)) && !was_quoted) {
          quoted = was_quoted = true;
          end = begin;
        } else if (letter == separator_ || letter == '\n' || letter == '\r') {
          break;
        } else {
          text[end++] = letter;
        }
      }
      if (quoted)
        return Error{ErrorCode::kCorrupt, text_of("The table ends inside a quoted cell that begins in row ", line_, "."),
                     "Check the quotes of that row; the file may be cut off."};
      line_cells_.push_back(trimmed(begin, end));
      if (place_ == text.size()) return {};
      const char ended_by = text[place_++];
      if (ended_by == separator_) {
        if (place_ == text.size()) line_cells_.push_back({});
        if (place_ == text.size()) return {};
        continue;
      }
      if (ended_by == '\r' && place_ < text.size() && text[place_] == '\n') ++place_;
      return {};
    }
  }

  template <class... Parts>
  static std::string text_of(const Parts&... parts) {
    return chestlight::text(parts...);
  }

  bool blank(std::size_t begin, std::size_t end) const { return table_.text_.find_first_not_of(" \t", begin) >= end; }

  Cell trimmed(std::size_t begin, std::size_t end) const {
    const auto space = [this](std::size_t at) { return table_.text_[at] == ' ' || table_.text_[at] == '\t'; };
    while (begin < end && space(begin)) ++begin;
    while (begin < end && space(end - 1)) --end;
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
  }

  Result<void> take_head() {
    while (!line_cells_.empty() && line_cells_.back().length == 0) line_cells_.pop_back();
    if (line_cells_.empty())
      return Error{ErrorCode::kCorrupt, "The first line of the table names no column.",
                   "Put the names of the columns in the first line."};
    std::set<std::string> seen;
    for (const Cell& cell : line_cells_) {
      table_.columns_.emplace_back(table_.text_.substr(cell.begin, cell.length));
      if (!table_.columns_.back().empty() && !seen.insert(table_.columns_.back()).second)
        return Error{ErrorCode::kCorrupt, text_of("Two columns are called \"", table_.columns_.back(), "\"."),
                     "Rename one of them."};
    }
    return {};
  }

  void take_row() {
    const std::size_t columns = table_.columns_.size();
    const bool longer = std::any_of(line_cells_.begin() + static_cast<std::ptrdiff_t>(std::min(columns, line_cells_.size())),
                                    line_cells_.end(), [](const Cell& cell) { return cell.length > 0; });
    if (longer && ++long_rows_ == 1) first_long_row_ = line_;
    if (line_cells_.size() < columns && ++short_rows_ == 1) first_short_row_ = line_;
    line_cells_.resize(columns);
    table_.cells_.insert(table_.cells_.end(), line_cells_.begin(), line_cells_.end());
  }

  void say_what_was_odd() {
    if (long_rows_ > 0)
      table_.remarks_.push_back(text_of(counted(long_rows_, "row has", "rows have"),
                                        " more cells than the head has names (the first is row ", first_long_row_,
                                        "); what goes beyond is left out."));
    if (short_rows_ > 0)
      table_.remarks_.push_back(text_of(counted(short_rows_, "row has", "rows have"),
                                        " fewer cells than the head has names (the first is row ", first_short_row_,
                                        "); what is missing counts as blank."));
  }

  Table& table_;
  char separator_;
  std::size_t place_ = 0;
  int line_ = 1;  // rows as a spreadsheet counts them: the head is row 1
  std::vector<Cell> line_cells_;
  int long_rows_ = 0, first_long_row_ = 0, short_rows_ = 0, first_short_row_ = 0;
};

Result<Table> Table::read(Bytes bytes) {
  if (begins_with(bytes, {0xef, 0xbb, 0xbf})) bytes = bytes.subspan(3);
  if (bytes.empty()) return Error{ErrorCode::kEmptyFile, "The table is empty.", "Choose a CSV file with labels."};
  if (bytes.size() > kLargestTable)
    return Error{ErrorCode::kTooLarge, "The table is larger than 256 MiB.", "Keep the rows of the films at hand."};
  const auto unsupported = [](std::string_view what) {
    return Error{ErrorCode::kUnsupportedFormat, text("This is ", what, ", not a table of text."),
                 "Save the sheet as CSV (UTF-8)."};
  };
  if (begins_with(bytes, {'P', 'K', 3, 4})) return unsupported("a workbook or another archive");
  if (begins_with(bytes, {0xd0, 0xcf, 0x11, 0xe0})) return unsupported("a workbook of an old kind");
  if (begins_with(bytes, {0xff, 0xfe}) || begins_with(bytes, {0xfe, 0xff})) return unsupported("text in UTF-16");
  if (std::find(bytes.begin(), bytes.end(), 0) != bytes.end()) return unsupported("a file of another kind");

  Table table;
  if (is_utf8(bytes)) {
    table.text_ = std::string(as_text(bytes));
  } else {
    table.text_ = from_latin1(bytes);
    table.remarks_.push_back("The table is not UTF-8; it was read as Latin-1.");
  }
  CHESTLIGHT_CHECK(TableReader(table).read());
  if (table.rows() == 0)
    return Error{ErrorCode::kEmptyFile, "The table has a head and no rows.", "Choose a table with a row for each film."};
  return table;
}

}  // namespace chestlight
