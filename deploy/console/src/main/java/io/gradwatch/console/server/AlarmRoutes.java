package io.gradwatch.console.server;

import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.Requests;
import io.gradwatch.console.feed.Journal;
import io.gradwatch.console.model.AlarmQuery;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Verdict;
import io.gradwatch.schemas.Topics;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Alarms, and what people say of them. */
final class AlarmRoutes {
  private static final int MOST = 500;
  private static final Set<String> VERDICTS = Set.of("RIGHT", "TOO_LATE", "FOR_NOTHING");

  private final Fleet fleet;
  private final Journal journal;
  private final InstantSource clock;

  AlarmRoutes(Fleet fleet, Journal journal, InstantSource clock) {
    this.fleet = fleet;
    this.journal = journal;
    this.clock = clock;
  }

  void addTo(Api api) {
    api.get("/alarms", this::list);
    api.get("/alarms/{id}", context -> RunRoutes.answer(context, found(fleet.alarm(id(context)))));
    api.put("/alarms/{id}/acknowledgement", this::acknowledge);
    api.delete("/alarms/{id}/acknowledgement", this::withdrawAcknowledgement);
    api.put("/alarms/{id}/judgement", this::judge);
    api.delete("/alarms/{id}/judgement", this::withdrawJudgement);
    api.get("/incidents", this::incidents);
    api.get("/labels", this::labels);
  }

  private void list(Context context) {
    AlarmQuery query =
        new AlarmQuery(
            Asked.constants(context, "status", AlarmStatus.class),
            Asked.text(context, "project"),
            Asked.text(context, "run"),
            Asked.text(context, "severity"),
            Asked.text(context, "kind"),
            Asked.text(context, "q"));
    RunRoutes.answer(
        context,
        fleet.alarms(
            query,
            Asked.whole(context, "offset", 0, 0, Integer.MAX_VALUE),
            Asked.whole(context, "limit", 100, 0, MOST)));
  }

  private void incidents(Context context) {
    RunRoutes.answer(
        context,
        fleet.incidents(
            Asked.whole(context, "offset", 0, 0, Integer.MAX_VALUE),
            Asked.whole(context, "limit", 50, 0, MOST)));
  }

  private void labels(Context context) {
    String project = Asked.text(context, "project");
    RunRoutes.answer(context, fleet.labels(project.isEmpty() ? Topics.DEFAULT_PROJECT : project));
  }

  private void acknowledge(Context context) throws IOException {
    Requests.Acknowledge request = Asked.body(context, Requests.Acknowledge.class);
    writeAcknowledgement(
        context,
        Texts.author(Doorkeeper.author(context, request.author())),
        Texts.note(request.note()),
        false);
  }

  private void withdrawAcknowledgement(Context context) throws IOException {
    writeAcknowledgement(context, Doorkeeper.author(context, null), "", true);
  }

  private void writeAcknowledgement(Context context, String author, String note, boolean withdrawn)
      throws IOException {
    DivergenceAlarm alarm = found(fleet.alarmRecord(id(context)));
    journal.write(
        new Acknowledgement(
            alarm.getAlarmId(),
            alarm.getProject(),
            alarm.getRunId(),
            clock.millis(),
            author,
            note,
            withdrawn));
    RunRoutes.answer(context, found(fleet.alarmView(alarm.getAlarmId())));
  }

  private void judge(Context context) throws IOException {
    Requests.Judge request = Asked.body(context, Requests.Judge.class);
    if (!VERDICTS.contains(String.valueOf(request.verdict()))) {
      throw RefusedException.badRequest(
          "verdict is '" + request.verdict() + "', must be RIGHT, TOO_LATE or FOR_NOTHING");
    }
    Long onset = step("actualOnsetStep", request.actualOnsetStep());
    Long failure = step("failureStep", request.failureStep());
    if (onset != null && failure != null && failure < onset) {
      throw RefusedException.badRequest(
          "failureStep is " + failure + ", must be at least actualOnsetStep, " + onset);
    }
    writeJudgement(
        context,
        Verdict.valueOf(request.verdict()),
        onset,
        failure,
        Texts.author(Doorkeeper.author(context, request.author())),
        Texts.note(request.note()),
        false);
  }

  private void withdrawJudgement(Context context) throws IOException {
    writeJudgement(
        context, Verdict.UNKNOWN, null, null, Doorkeeper.author(context, null), "", true);
  }

  private void writeJudgement(
      Context context,
      Verdict verdict,
      @Nullable Long onset,
      @Nullable Long failure,
      String author,
      String note,
      boolean withdrawn)
      throws IOException {
    DivergenceAlarm alarm = found(fleet.alarmRecord(id(context)));
    journal.write(
        new Judgement(
            alarm.getAlarmId(),
            alarm.getProject(),
            alarm.getRunId(),
            alarm.getAttempt(),
            alarm.getKind(),
            alarm.getSeverity(),
            alarm.getOnsetStep(),
            alarm.getOpenedStep(),
            verdict,
            onset,
            failure,
            clock.millis(),
            author,
            note,
            withdrawn));
    RunRoutes.answer(context, found(fleet.alarmView(alarm.getAlarmId())));
  }

  private static @Nullable Long step(String name, @Nullable Long value) {
    if (value != null && value < 0) {
      throw RefusedException.badRequest(name + " is " + value + ", must be at least 0");
    }
    return value;
  }

  private static String id(Context context) {
    return context.pathParam("id");
  }

  private static <T> T found(@Nullable T answer) {
    if (answer == null) {
      throw RefusedException.notFound("no alarm of this id is known");
    }
    return answer;
  }
}
