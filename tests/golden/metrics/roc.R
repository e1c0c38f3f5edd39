# Areas and their comparison by pROC, for make_metrics.py, which calls this: Rscript roc.R < table.csv > results.csv
# In: columns case, truth, first, second. Out: one row a case, numbers with 17 digits.
suppressPackageStartupMessages(library(pROC))
table <- read.csv(file("stdin"))
for (name in unique(table$case)) {
  rows <- table[table$case == name, ]
  area <- function(scores) roc(rows$truth, scores, levels = c(0, 1), direction = "<", quiet = TRUE)
  first <- area(rows$first)
  second <- area(rows$second)
  test <- roc.test(first, second, method = "delong", paired = TRUE)
  low <- ci.auc(first, method = "delong")
  numbers <- c(auc(first), var(first, method = "delong"), low[1], low[3], auc(second), var(second, method = "delong"),
               cov(first, second, method = "delong"), test$statistic, test$p.value)
  cat(name, sprintf("%.17g", as.numeric(numbers)), sep = ",")
  cat("\n")
}
