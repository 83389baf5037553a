package io.gradwatch.console.report;

import io.gradwatch.console.api.AcknowledgementView;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.AlarmView.ActionView;
import io.gradwatch.console.api.AlarmView.EvidenceView;
import io.gradwatch.console.api.AlarmView.LayerView;
import io.gradwatch.console.api.JudgementView;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One alarm with all it rests on and what to do. */
final class AlarmCard {
  private static final int MOST_LAYERS = 24;

  private AlarmCard() {}

  static void write(Html page, AlarmView alarm) {
    page.open("section", "card");
    page.open("h3", "")
        .text("span", "badge " + alarm.severity().toLowerCase(Locale.ROOT), words(alarm.severity()))
        .plain(" " + words(alarm.kind()))
        .text("span", "quiet", joined(alarm))
        .close("h3");
    page.text("p", "", alarm.summary());
    page.open("dl", "facts")
        .fact("Began at step", Numbers.step(alarm.onsetStep()))
        .fact("Told at step", Numbers.step(alarm.openedStep()))
        .fact("Told at", Numbers.time(alarm.openedAt()))
        .fact("Newest at step", Numbers.step(alarm.step()))
        .fact("Stands", status(alarm))
        .fact("Attempt", Integer.toString(alarm.attempt()))
        .fact("Last healthy checkpoint", checkpoint(alarm))
        .fact("Owner", alarm.owner())
        .fact("Looked after by", acknowledgement(alarm.acknowledgement()))
        .fact("Judged", judgement(alarm.judgement()))
        .close("dl");
    actions(page, alarm.actions());
    evidence(page, alarm.evidence());
    layers(page, alarm.layers());
    page.text("p", "quiet id", "alarm " + alarm.id() + ", revision " + alarm.revision());
    page.close("section");
  }

  private static String words(String name) {
    return Numbers.words(name);
  }

  private static String joined(AlarmView alarm) {
    return alarm.joinedKinds().isEmpty()
        ? ""
        : ", with "
            + String.join(", ", alarm.joinedKinds().stream().map(AlarmCard::words).toList());
  }

  private static String status(AlarmView alarm) {
    String status = words(alarm.status().name());
    return alarm.resolution().equals("NONE")
        ? status
        : status + " (" + words(alarm.resolution()) + ")";
  }

  private static String checkpoint(AlarmView alarm) {
    Long step = alarm.checkpointStep();
    String uri = alarm.checkpointUri();
    return step == null ? "" : "step " + Numbers.step(step) + (uri == null ? "" : ", " + uri);
  }

  private static String acknowledgement(@Nullable AcknowledgementView by) {
    return by == null
        ? ""
        : by.author()
            + ", "
            + Numbers.time(by.at())
            + (by.note().isEmpty() ? "" : ": " + by.note());
  }

  private static String judgement(@Nullable JudgementView judged) {
    if (judged == null) {
      return "";
    }
    StringBuilder text = new StringBuilder(words(judged.verdict())).append(", ");
    text.append(judged.author());
    Long onset = judged.actualOnsetStep();
    if (onset != null) {
      text.append("; began at step ").append(Numbers.step(onset));
    }
    Long failure = judged.failureStep();
    if (failure != null) {
      text.append("; lost from step ").append(Numbers.step(failure));
    }
    return text.append(judged.note().isEmpty() ? "" : ": " + judged.note()).toString();
  }

  private static void actions(Html page, List<ActionView> actions) {
    if (!actions.isEmpty()) {
      page.text("p", "quiet", "What to do, most useful first").open("ol", "");
      actions.forEach(action -> page.text("li", "", action.text()));
      page.close("ol");
    }
  }

  private static void evidence(Html page, List<EvidenceView> evidence) {
    if (evidence.isEmpty()) {
      return;
    }
    page.text("p", "quiet", "What it rests on").open("table", "narrow").open("tbody", "");
    for (EvidenceView each : evidence) {
      page.open("tr", "")
          .text("td", "", words(each.name()))
          .text("td", "n", Numbers.of(each.value()))
          .text("td", "quiet", each.meaning())
          .close("tr");
    }
    page.close("tbody").close("table");
  }

  private static void layers(Html page, List<LayerView> layers) {
    if (layers.isEmpty()) {
      return;
    }
    page.text("p", "quiet", "Layers, in the order in which they started").open("ol", "");
    for (LayerView layer : layers.subList(0, Math.min(MOST_LAYERS, layers.size()))) {
      boolean grows = Double.isFinite(layer.growthRate()) && layer.growthRate() != 0;
      page.text(
          "li",
          "",
          layer.name()
              + " from step "
              + Numbers.step(layer.onsetStep())
              + (grows ? ", ln(norm) grows by " + Numbers.of(layer.growthRate()) + " a step" : ""));
    }
    page.close("ol");
    if (layers.size() > MOST_LAYERS) {
      page.text("p", "quiet", "and " + (layers.size() - MOST_LAYERS) + " more");
    }
  }
}
