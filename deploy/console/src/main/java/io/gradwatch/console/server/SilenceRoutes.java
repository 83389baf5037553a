package io.gradwatch.console.server;

import io.gradwatch.console.api.Requests;
import io.gradwatch.console.api.SilenceView;
import io.gradwatch.console.feed.Journal;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.LabelMatcher;
import io.gradwatch.records.Matcher;
import io.gradwatch.records.Silence;
import io.gradwatch.schemas.Topics;
import io.javalin.http.Context;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Silences. */
final class SilenceRoutes {
  private static final int MOST_MATCHERS = 16;
  private static final int MOST = 500;
  private static final Set<String> STATES = Set.of("ACTIVE", "PENDING", "EXPIRED");

  private final SecureRandom random = new SecureRandom();
  private final Fleet fleet;
  private final Journal journal;
  private final InstantSource clock;

  SilenceRoutes(Fleet fleet, Journal journal, InstantSource clock) {
    this.fleet = fleet;
    this.journal = journal;
    this.clock = clock;
  }

  void addTo(Api api) {
    api.get("/silences", this::list);
    api.post("/silences", this::add);
    api.delete("/silences/{id}", this::end);
  }

  private void list(Context context) {
    Set<String> states = Asked.words(context, "state");
    if (!STATES.containsAll(states)) {
      throw RefusedException.badRequest(
          "state is '" + String.join(",", states) + "', must be of ACTIVE, PENDING, EXPIRED");
    }
    RunRoutes.answer(
        context,
        fleet.silences(
            states,
            Asked.whole(context, "offset", 0, 0, Integer.MAX_VALUE),
            Asked.whole(context, "limit", 100, 0, MOST)));
  }

  private void add(Context context) throws IOException {
    Requests.AddSilence request = Asked.body(context, Requests.AddSilence.class);
    long now = clock.millis();
    long start = request.startsAt() == null ? now : request.startsAt();
    long end = request.endsAt();
    if (end <= Math.max(start, now)) {
      throw RefusedException.badRequest(
          "endsAt is " + Instant.ofEpochMilli(end) + ", must be after startsAt and now");
    }
    if (end - now > Topics.MAX_SILENCE.toMillis()) {
      throw RefusedException.badRequest(
          "endsAt is "
              + Instant.ofEpochMilli(end)
              + ", must be at most "
              + Topics.MAX_SILENCE.toDays()
              + " days ahead");
    }
    String note = Texts.note(request.note());
    if (note.isEmpty()) {
      throw RefusedException.badRequest("note is blank, say why you silence it");
    }
    byte[] id = new byte[16];
    random.nextBytes(id);
    Silence silence =
        new Silence(
            HexFormat.of().formatHex(id),
            matchers(request.matchers()),
            start,
            end,
            now,
            Texts.author(Doorkeeper.author(context, request.author())),
            note);
    journal.write(silence);
    context.status(201);
    RunRoutes.answer(context, found(fleet.silence(silence.getSilenceId())));
  }

  private void end(Context context) throws IOException {
    Silence silence = found(fleet.silenceRecord(context.pathParam("id")));
    long now = clock.millis();
    if (silence.getEndsAt() > now) {
      Silence ended = Silence.newBuilder(silence).setEndsAt(now).setCreatedAt(now).build();
      if (ended.getStartsAt() > now) {
        ended.setStartsAt(now);
      }
      journal.write(ended);
    }
    RunRoutes.answer(context, found(fleet.silence(silence.getSilenceId())));
  }

  private static List<Matcher> matchers(@Nullable List<SilenceView.MatcherView> views) {
    if (views == null || views.isEmpty() || views.size() > MOST_MATCHERS) {
      throw RefusedException.badRequest(
          "there are "
              + (views == null ? 0 : views.size())
              + " matchers, must be 1 to "
              + MOST_MATCHERS);
    }
    List<Matcher> matchers = new ArrayList<>();
    boolean narrows = false;
    for (SilenceView.MatcherView view : views) {
      if (view == null) {
        throw RefusedException.badRequest("a matcher is null, must have label, operator and value");
      }
      try {
        Matcher matcher =
            new Matcher(
                String.valueOf(view.label()),
                LabelMatcher.operator(String.valueOf(view.operator())),
                view.value() == null ? "" : view.value());
        narrows |= !matcher.getValue().isEmpty();
        LabelMatcher.of(matcher);
        matchers.add(matcher);
      } catch (IllegalArgumentException e) {
        throw RefusedException.badRequest(String.valueOf(e.getMessage()));
      }
    }
    if (!narrows) {
      throw RefusedException.badRequest(
          "all matchers have an empty value: at least one must name something");
    }
    return matchers;
  }

  private static <T> T found(@Nullable T answer) {
    if (answer == null) {
      throw RefusedException.notFound("no silence of this id is known");
    }
    return answer;
  }
}
