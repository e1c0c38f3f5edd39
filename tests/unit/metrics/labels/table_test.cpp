// Tables as spreadsheets write them, and files that are none.
#include "metrics/labels/table.h"

#include <gtest/gtest.h>

namespace chestlight {
namespace {

using namespace std::string_literals;

Result<Table> read(const std::string& text) { return Table::read(as_bytes(text)); }

TEST(Table, ReadsSeparatorsLineEndsAndQuotes) {
  struct Row {
    const char* what;
    std::string text;
  };
  for (const Row& row :
       {Row{"commas", "name,score\na.png,0.5\n"}, Row{"semicolons and decimal commas", "name;score\na.png;0,5\n"},
        Row{"tabs", "name\tscore\na.png\t0.5"}, Row{"a BOM", "\xef\xbb\xbfname,score\na.png,0.5\n"},
        Row{"CR LF", "name,score\r\na.png,0.5\r\n"}, Row{"old line ends", "name,score\ra.png,0.5\r"},
        Row{"quotes", "\"name\",\"score\"\n\"a.png\",\"0.5\"\n"}, Row{"spaces", "name , score\n a.png , 0.5 \n"},
        Row{"empty lines", "name,score\n\na.png,0.5\n\n\n"}, Row{"a comma at the end", "name,score,\na.png,0.5,\n"}}) {
    const Result<Table> table = read(row.text);
    ASSERT_TRUE(table) << row.what << table.error().message;
    EXPECT_EQ(table->rows(), 1) << row.what;
    EXPECT_EQ(table->columns(), 2) << row.what;
    EXPECT_EQ(table->cell(0, table->find("NAME")), "a.png") << row.what;
    EXPECT_EQ(table->cell(0, 1).size(), 3u) << row.what;
    EXPECT_TRUE(table->remarks().empty()) << row.what;
  }
}

TEST(Table, QuotedCellsHoldAnything) {
  const Table table = *read("a,b\n\"x, \"\"y\"\"\nz\",2\n3,\"\"\n");
  EXPECT_EQ(table.cell(0, 0), "x, \"y\"\nz");
  EXPECT_EQ(table.cell(0, 1), "2");
  EXPECT_EQ(table.cell(1, 0), "3");
  EXPECT_EQ(table.cell(1, 1), "");
}

TEST(Table, ReadsLatin1AndSaysSo) {
  const Table table = *read("Name,Bef\xfcnd\nM\xfcller.png,1\n");
  EXPECT_EQ(table.name(1), "Bef\xc3\xbcnd");
  EXPECT_EQ(table.cell(0, 0), "M\xc3\xbcller.png");
  ASSERT_EQ(table.remarks().size(), 1u);
  EXPECT_EQ(table.remarks()[0], "The table is not UTF-8; it was read as Latin-1.");
}

TEST(Table, LongAndShortRowsAreSaid) {
  const Table table = *read("a,b\n1\n1,2,3\n1,2,\n");
  EXPECT_EQ(table.rows(), 3);
  EXPECT_EQ(table.cell(0, 1), "");
  ASSERT_EQ(table.remarks().size(), 2u);
  EXPECT_NE(table.remarks()[0].find("1 row has more cells"), std::string::npos);
  EXPECT_NE(table.remarks()[0].find("row 3"), std::string::npos);
  EXPECT_NE(table.remarks()[1].find("row 2"), std::string::npos);
}

TEST(Table, WhatIsNoTableIsRefused) {
  struct Row {
    std::string text;
    ErrorCode code;
  };
  for (const Row& row :
       {Row{"", ErrorCode::kEmptyFile}, Row{"\xef\xbb\xbf", ErrorCode::kEmptyFile}, Row{"a,b\n", ErrorCode::kEmptyFile},
        Row{"PK\3\4rest of a workbook", ErrorCode::kUnsupportedFormat},
        Row{"\xff\xfe"
            "a\0"s,
            ErrorCode::kUnsupportedFormat},
        Row{"\x89PNG\r\n\x1a\n\0\0"s, ErrorCode::kUnsupportedFormat}, Row{"a,b\n\"never closed,1\n", ErrorCode::kCorrupt},
        Row{"a,a\n1,2\n", ErrorCode::kCorrupt}, Row{",,\n1,2,3\n", ErrorCode::kCorrupt}}) {
    const Result<Table> table = read(row.text);
    ASSERT_FALSE(table) << row.text;
    EXPECT_EQ(table.error().code, row.code) << row.text << ": " << table.error().message;
    EXPECT_FALSE(table.error().hint.empty());
  }
}

TEST(Table, AQuoteThatIsNeverClosedIsFoundByItsRow) {
  EXPECT_NE(read("a,b\n1,2\n\"3,4\n").error().message.find("begins in row 3"), std::string::npos);
}

TEST(Table, ReadsAHundredThousandRows) {
  std::string text = "Image Index,Finding Labels\n";
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + ".png,Effusion|Mass\n";
  const Table table = *read(text);
  EXPECT_EQ(table.rows(), 100'000);
  EXPECT_EQ(table.cell(99'999, 0), "99999.png");
}

// Every file that is cut off is a table or an error, and no read goes past the end (the sanitizers watch).
TEST(Table, AnyBeginningIsReadOrRefused) {
  const std::string whole = "\xef\xbb\xbf\"a \"\"q\"\"\";b;\"c\"\r\n1,5;\"x\ny\";\r\n\r\n2;;3";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const Result<Table> table = read(whole.substr(0, length));
    if (!table) EXPECT_FALSE(table.error().message.empty());
    else
      for (int row = 0; row < table->rows(); ++row)
        for (int column = 0; column < table->columns(); ++column) EXPECT_LE(table->cell(row, column).size(), length);
  }
}

}  // namespace
}  // namespace chestlight
