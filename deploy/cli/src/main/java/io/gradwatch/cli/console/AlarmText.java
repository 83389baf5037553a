package io.gradwatch.cli.console;

import io.gradwatch.cli.terminal.Shell;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.cli.terminal.TextTable;
import io.gradwatch.console.api.AcknowledgementView;
import io.gradwatch.console.api.AlarmDetail;
import io.gradwatch.console.api.AlarmDetail.RevisionView;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.AlarmView.ActionView;
import io.gradwatch.console.api.AlarmView.EvidenceView;
import io.gradwatch.console.api.AlarmView.LayerView;
import io.gradwatch.console.api.JudgementView;
import io.gradwatch.console.api.SilenceView;
import java.io.PrintWriter;
import java.util.List;

/** An alarm with everything that is known of it, for a person who was just woken by it. */
final class AlarmText {
  private static final int MOST_LAYERS = 12;

  private final PrintWriter out;
  private final Terminal terminal;
  private final Style style;

  AlarmText(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
    this.style = terminal.outStyle();
  }

  void print(AlarmDetail detail) {
    AlarmView alarm = detail.alarm();
    what(alarm);
    people(alarm, detail.silences());
    evidence(alarm.evidence());
    layers(alarm.layers());
    actions(alarm);
    history(detail.history());
    commands(alarm);
    out.flush();
  }

  private void what(AlarmView alarm) {
    String joined =
        alarm.joinedKinds().isEmpty()
            ? ""
            : ", with "
                + String.join(", ", alarm.joinedKinds().stream().map(Figures::words).toList());
    out.println(
        Figures.paint(style, alarm.severity(), Figures.words(alarm.severity()))
            + "  "
            + style.bold(Figures.words(alarm.kind()))
            + Style.harmless(joined));
    line(alarm.summary());
    out.println();
    fact("alarm", alarm.id() + ", revision " + alarm.revision());
    fact("run", alarm.project() + "/" + alarm.run() + ", attempt " + alarm.attempt());
    fact("began", "at step " + Figures.step(alarm.onsetStep()));
    fact(
        "told",
        "at step " + Figures.step(alarm.openedStep()) + ", " + Figures.time(alarm.openedAt()));
    fact(
        "newest", "at step " + Figures.step(alarm.step()) + ", " + Figures.time(alarm.updatedAt()));
    fact(
        "stands",
        Figures.words(alarm.status().name())
            + (alarm.resolution().equals("NONE")
                ? ""
                : " (" + Figures.words(alarm.resolution()) + ")"));
    fact("owner", alarm.owner());
    Long checkpoint = alarm.checkpointStep();
    if (checkpoint != null) {
      String uri = alarm.checkpointUri();
      fact("checkpoint", "step " + Figures.step(checkpoint) + (uri == null ? "" : ", " + uri));
    }
  }

  private void people(AlarmView alarm, List<SilenceView> silences) {
    AcknowledgementView by = alarm.acknowledgement();
    if (by != null) {
      fact("looked after", by.author() + ", since " + Figures.time(by.at()) + note(by.note()));
    }
    JudgementView judged = alarm.judgement();
    if (judged != null) {
      fact(
          "judged",
          Figures.words(judged.verdict()) + ", by " + judged.author() + note(judged.note()));
    }
    for (SilenceView silence : silences) {
      fact(
          "silenced",
          "until "
              + Figures.time(silence.endsAt())
              + " by "
              + silence.author()
              + note(silence.note()));
    }
  }

  private static String note(String note) {
    return note.isEmpty() ? "" : ": " + note;
  }

  private void evidence(List<EvidenceView> evidence) {
    if (evidence.isEmpty()) {
      return;
    }
    heading("Why: the numbers it rests on");
    TextTable table = new TextTable("NUMBER", " VALUE", "WHAT IT SAYS");
    for (EvidenceView each : evidence) {
      table.add(
          TextTable.cell(each.name()),
          TextTable.cell(Figures.number(each.value())),
          TextTable.cell(each.meaning()));
    }
    table.print(out, terminal);
  }

  private void layers(List<LayerView> layers) {
    if (layers.isEmpty()) {
      return;
    }
    heading("Layers, in the order in which they started");
    TextTable table = new TextTable("LAYER", " FROM STEP", " GROWTH OF LN(NORM) A STEP");
    for (LayerView layer : layers.subList(0, Math.min(MOST_LAYERS, layers.size()))) {
      table.add(
          TextTable.cell(layer.name()),
          TextTable.cell(Figures.step(layer.onsetStep())),
          TextTable.cell(
              Double.isNaN(layer.growthRate()) ? "" : Figures.number(layer.growthRate())));
    }
    table.print(out, terminal);
    if (layers.size() > MOST_LAYERS) {
      out.println("and " + (layers.size() - MOST_LAYERS) + " more");
    }
  }

  private void actions(AlarmView alarm) {
    if (alarm.actions().isEmpty()) {
      return;
    }
    heading("What to do, most useful first");
    int number = 1;
    for (ActionView action : alarm.actions()) {
      line(number++ + ". " + action.text());
    }
  }

  private void history(List<RevisionView> history) {
    if (history.size() < 2) {
      return;
    }
    heading("How it went");
    TextTable table = new TextTable(" REV", "TIME", " STEP", "STATE", "SEVERITY", "WHAT");
    for (RevisionView each : history) {
      table.add(
          TextTable.cell(Integer.toString(each.revision())),
          TextTable.cell(Figures.time(each.emittedAt())),
          TextTable.cell(Figures.step(each.step())),
          TextTable.cell(Figures.words(each.state())),
          TextTable.cell(Figures.words(each.severity())),
          TextTable.cell(each.summary()));
    }
    table.print(out, terminal);
  }

  /** Only what still makes sense; names are quoted so that no shell reads more into them. */
  private void commands(AlarmView alarm) {
    heading("Then");
    String id = AlarmFinder.brief(alarm.id());
    if (alarm.status() != AlarmStatus.RESOLVED) {
      if (alarm.acknowledgement() == null) {
        command(List.of("gradwatch", "ack", id, "--note", "looking into it"));
      }
      command(
          List.of(
              "gradwatch",
              "silence",
              "add",
              "alarm=" + alarm.id(),
              "--for",
              "2h",
              "--note",
              "known, being fixed"));
      command(List.of("gradwatch", "watch", alarm.project() + "/" + alarm.run()));
    }
    command(List.of("gradwatch", "report", alarm.project() + "/" + alarm.run()));
    if (alarm.judgement() == null) {
      command(List.of("gradwatch", "judge", id, "right"));
    }
  }

  /**
   * A name with a character that no terminal shows cannot be copied: such a command is left out.
   */
  private void command(List<String> words) {
    String command = Shell.command(words);
    if (command.equals(Style.harmless(command))) {
      out.println("  " + command);
    }
  }

  private void heading(String text) {
    out.println();
    out.println(style.bold(text));
  }

  private void fact(String name, String value) {
    if (!value.isEmpty()) {
      out.println(
          style.dim(String.format(java.util.Locale.ROOT, "%-13s", name)) + Style.harmless(value));
    }
  }

  private void line(String text) {
    out.println(Style.harmless(text));
  }
}
