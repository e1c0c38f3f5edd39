// How a report looks, on paper and on a screen. Selectors stand below .report, so that the page can put a report into a part of
// itself; @page, which cannot, stands in web/style.css too. A page is 248 mm high: Letter less its margins, and A4 with room.
#pragma once

namespace chestlight {

inline constexpr char kReportStyle[] = R"(
@page { margin: 12mm; }
body { margin: 0; background: #fff; }
.report { color: #000; background: #fff; font: 8.5pt/1.3 "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
.report .page { display: flex; flex-direction: column; box-sizing: border-box; width: 100%; max-width: 186mm; min-height: 246mm;
  margin: 0 auto; break-after: page; break-inside: avoid; }
.report .page:last-child { break-after: auto; }
.report h1 { margin: 0; font-size: 12pt; font-weight: 600; overflow-wrap: anywhere; }
.report h2 { margin: 2.5mm 0 0.5mm; font-size: 8.5pt; font-weight: 600; }
.report p { margin: 0.5mm 0; }
.report header { border-bottom: 0.4mm solid #000; padding-bottom: 1.5mm; margin-bottom: 1.5mm; }
.report .small { font-size: 7pt; color: #333; }
.report .summary { font-size: 9.5pt; font-weight: 600; margin: 1mm 0; }
.report .mark { font-weight: 600; }
.report ul { margin: 0.5mm 0; padding-left: 4mm; }
.report .pictures { display: flex; gap: 4mm; justify-content: center; flex: 1 1 62mm; min-height: 60mm; max-height: 92mm;
  margin: 1.5mm 0; }
.report figure { margin: 0; flex: 1 1 0; min-width: 0; min-height: 0; display: flex; flex-direction: column; }
.report .picture { flex: 1 1 0; min-height: 0; min-width: 0; width: 100%; object-fit: contain; object-position: center bottom; }
.report figcaption { text-align: center; padding-top: 1mm; }
.report .legend { display: flex; gap: 2mm; justify-content: center; align-items: center; font-size: 7pt; }
.report .legend .bar { width: 34mm; height: 2.4mm; border: 0.2mm solid #000; }
.report table { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: 6.8pt; line-height: 1.25; }
.report th { text-align: left; font-weight: 600; border-bottom: 0.3mm solid #000; padding: 0.5mm 1.5mm 0.5mm 0; vertical-align: bottom;
  overflow-wrap: anywhere; }
.report th:nth-child(1) { width: 23mm; }
.report th:nth-child(2) { width: 19mm; }
.report th:nth-child(3) { width: 17mm; }
.report th:nth-child(4) { width: 16mm; }
.report th:nth-child(5) { width: 17mm; }
.report th:nth-child(6) { width: 20mm; }
.report th:nth-child(8) { width: 22mm; }
.report th:nth-child(9) { width: 14mm; }
.report td { border-bottom: 0.15mm solid #999; padding: 0.45mm 1.5mm 0.45mm 0; vertical-align: top; overflow-wrap: break-word; }
.report td.number, .report th.number { text-align: right; }
.report td.number, .report td.zone { white-space: nowrap; }
.report .likely .name, .report .likely .zone, .report .likely .score, .report .likely .place { font-weight: 600; }
.report tr.not-assessed td, .report tr.unlikely td { color: #444; }
.report .shape { display: inline-block; width: 3mm; }
.report td.small { font-size: 6.2pt; }
.report dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 3mm; margin: 0; font-size: 7pt; }
.report dt { color: #333; }
.report dd { margin: 0; overflow-wrap: anywhere; }
.report footer { margin-top: 2mm; padding-top: 1mm; border-top: 0.2mm solid #000; font-size: 7.5pt; }
@media screen { .report .page { padding: 8mm 0; } }
)";

}  // namespace chestlight
