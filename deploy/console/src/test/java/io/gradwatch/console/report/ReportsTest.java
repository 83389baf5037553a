package io.gradwatch.console.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

class ReportsTest {
  private static final RunReportData GROWING = SampleRuns.growing(SampleRuns.HOSTILE);
  private static final RunReportData HEALTHY = SampleRuns.healthy("baseline-2026");

  @Test
  void aPageTellsTheRunItsAlarmsAndWhatToDo() {
    String page = text(Reports.run(GROWING, ReportFormat.HTML));

    assertThat(page)
        .startsWith("<!doctype html>")
        .contains(
            "overflows in about 20,800 steps, 1 h 11 min",
            "exploding gradient",
            "steps in which the norm doubles",
            "Lower the clip threshold to 1.37.",
            "bob, 2025-11-21",
            "too late, bob; began at step 7,900; lost from step 9,500: seen in the loss before",
            "s3://bucket/ckpt-7500",
            "Held at 1.37 while the gradient norm grows",
            "takes it, within bounds of its own",
            "host=n&lt;17&gt;");
  }

  @Test
  void namesOfAnybodyStayText() {
    for (byte[] page :
        List.of(
            Reports.run(GROWING, ReportFormat.HTML),
            Reports.run(GROWING, ReportFormat.SVG),
            Reports.comparison(List.of(GROWING, HEALTHY), ReportFormat.HTML),
            Reports.comparison(List.of(GROWING, HEALTHY), ReportFormat.SVG))) {
      assertThat(text(page))
          .contains("r&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\uFFFD\uFFFD/x")
          .doesNotContain("<script", "<b>", "\u202e", "\u0007", "javascript:", "onload");
    }
  }

  @Test
  void aPageForbidsItselfEverythingButItsStyleAndPictures() {
    assertThat(text(Reports.run(HEALTHY, ReportFormat.HTML)))
        .contains(
            "http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;;"
                + " style-src &#39;unsafe-inline&#39;; img-src data:\"")
        .doesNotContain("href=\"http", "src=\"http", "url(http");
  }

  @Test
  void aDrawingIsXmlWithNoNumberThatIsNone() throws Exception {
    for (byte[] svg :
        List.of(
            Reports.run(GROWING, ReportFormat.SVG),
            Reports.run(SampleRuns.empty(), ReportFormat.SVG),
            Reports.comparison(List.of(GROWING, SampleRuns.empty()), ReportFormat.SVG))) {
      assertThat(parse(svg).getDocumentElement().getTagName()).isEqualTo("svg");
      assertThat(text(svg))
          .doesNotContainPattern("(x|y|width|height|points)=\"[^\"]*(NaN|Inf|9223372)");
    }
  }

  @Test
  void aPictureIsTwoPixelsAUnit() throws IOException {
    BufferedImage one =
        ImageIO.read(new ByteArrayInputStream(Reports.run(GROWING, ReportFormat.PNG)));
    BufferedImage none =
        ImageIO.read(new ByteArrayInputStream(Reports.run(SampleRuns.empty(), ReportFormat.PNG)));
    BufferedImage two =
        ImageIO.read(
            new ByteArrayInputStream(
                Reports.comparison(List.of(GROWING, HEALTHY), ReportFormat.PNG)));

    assertThat(one.getWidth()).isEqualTo(2_400);
    assertThat(none.getHeight()).isLessThan(one.getHeight());
    assertThat(two.getWidth()).isEqualTo(2_400);
  }

  @Test
  void theSameDataMakesTheSameReport() {
    assertThat(Reports.run(GROWING, ReportFormat.SVG))
        .isEqualTo(Reports.run(GROWING, ReportFormat.SVG));
  }

  @Test
  void aComparisonShowsStatisticsAndAlarmsSideBySide() {
    assertThat(text(Reports.comparison(List.of(GROWING, HEALTHY), ReportFormat.HTML)))
        .contains("2 runs compared by step", "vision/baseline-2026", "loss spike", "None.", "∞");
    assertThatThrownBy(() -> Reports.comparison(List.of(HEALTHY), ReportFormat.SVG))
        .hasMessage("runs to compare are 1, they must be 2 to 8");
  }

  private static Document parse(byte[] xml)
      throws ParserConfigurationException, SAXException, IOException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
