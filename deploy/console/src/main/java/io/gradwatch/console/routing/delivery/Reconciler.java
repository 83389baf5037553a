package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.model.Labels;
import io.gradwatch.console.model.Remarks;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.console.routing.notice.References;
import io.gradwatch.console.routing.notice.RoutedAlarm;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a target should know of an alarm with what it was told. No clock, no network: one
 * {@code now} a look.
 *
 * <ul>
 *   <li>An alarm that is over is told to those only who were told that it opened.
 *   <li>One that is open is told to whom a route or a step of escalation names, unless it is
 *       silenced, somebody looks after it already, or it is stale: nothing was heard of it, and
 *       nobody's silence ended, for longer than the configuration allows.
 *   <li>Who was told is told again when it grows more severe or a further step is due, unless that
 *       is stale. A target that forgets is told for as long as this router knows that the alarm is
 *       open; of a stale one that it finds when it starts, it does not begin again.
 * </ul>
 */
final class Reconciler {
  private final RuleBook rules;
  private final Journal journal;
  private final Remarks remarks;
  private final RunTags runTags;
  private final Duration staleAfter;

  Reconciler(
      RuleBook rules, Journal journal, Remarks remarks, RunTags runTags, Duration staleAfter) {
    this.rules = rules;
    this.journal = journal;
    this.remarks = remarks;
    this.runTags = runTags;
    this.staleAfter = staleAfter;
  }

  /** What a look at one alarm finds; the same for all targets. */
  private record Look(
      RoutedAlarm alarm,
      Labels labels,
      @Nullable Acknowledgement acknowledgement,
      long silencedUntil,
      Map<String, Wish> wishes,
      long now) {
    boolean isSilenced() {
      return silencedUntil > now;
    }
  }

  /**
   * What a target is to be told of an alarm now.
   *
   * @param retoldAt when the target was last told of it, whatever of, for those that have to be
   *     told again and again; milliseconds since 1970-01-01 UTC
   * @return null: nothing
   */
  @Nullable Notice due(
      TargetConfig target, RoutedAlarm alarm, ToLongFunction<String> retoldAt, Instant now) {
    Delivery told = journal.get(target.name(), alarm.id());
    if (alarm.isResolved()) {
      return told == null ? null : notice(Cause.RESOLVED, look(alarm, now), 0, told);
    }
    Look look = look(alarm, now);
    Wish wish = look.wishes().get(target.name());
    if (wish != null && wish.dueAt() > look.now()) {
      wish = null;
    }
    if (told == null) {
      return wish != null && isNews(look, wish)
          ? notice(opening(wish), look, wish.step(), null)
          : null;
    }
    return change(target, look, wish, told, retoldAt);
  }

  /** Whether a route takes an alarm, be it told at once or later. */
  boolean isRouted(RoutedAlarm alarm, Instant now) {
    return !look(alarm, now).wishes().isEmpty();
  }

  /** Whether a target that knows nothing is to hear of it. */
  private boolean isNews(Look look, Wish wish) {
    return !look.isSilenced() && look.acknowledgement() == null && isFresh(look, wish);
  }

  private boolean isFresh(Look look, Wish wish) {
    long heard = Math.max(look.alarm().newestAt(), wish.dueAt());
    return look.now() - Math.max(heard, look.silencedUntil()) <= staleAfter.toMillis();
  }

  private @Nullable Notice change(
      TargetConfig target,
      Look look,
      @Nullable Wish wish,
      Delivery told,
      ToLongFunction<String> retoldAt) {
    Wish wanted = look.isSilenced() ? null : wish;
    if (target.type().isRetold() && wanted == null) {
      return notice(Cause.WITHDRAWN, look, 0, told);
    }
    Wish fresh = wanted != null && isFresh(look, wanted) ? wanted : null;
    if (fresh != null && look.alarm().newest().getSeverity().compareTo(told.getSeverity()) > 0) {
      return notice(Cause.ROSE, look, fresh.step(), told);
    }
    if (fresh != null && fresh.step() > told.getEscalation() && look.acknowledgement() == null) {
      return notice(Cause.ESCALATED, look, fresh.step(), told);
    }
    if (target.type().takesAcknowledgements()
        && look.acknowledgement() != null
        && !References.isAcknowledged(told.getReference())) {
      return notice(Cause.ACKNOWLEDGED, look, 0, told);
    }
    if (target.type().isRetold()) {
      long since = look.now() - retoldAt.applyAsLong(look.alarm().id());
      boolean known = fresh != null || since <= staleAfter.toMillis();
      if (known && since >= target.pace().resend().toMillis()) {
        return notice(Cause.STILL_OPEN, look, 0, told);
      }
    }
    return null;
  }

  /**
   * Since when a target is to be told something, milliseconds since 1970-01-01 UTC.
   *
   * @param notice what, as {@link #due} found it
   */
  long dueSince(TargetConfig target, Notice notice, Instant now) {
    Look look = look(notice.alarm(), now);
    Wish wish = look.wishes().get(target.name());
    return switch (notice.cause()) {
      case OPENED, ESCALATED ->
          wish == null ? now.toEpochMilli() : Math.max(wish.dueAt(), look.silencedUntil());
      case ACKNOWLEDGED -> look.acknowledgement() == null ? 0 : look.acknowledgement().getAt();
      case ROSE, STILL_OPEN, WITHDRAWN, RESOLVED -> notice.alarm().newestAt();
    };
  }

  private static Cause opening(Wish wish) {
    return wish.step() > 0 ? Cause.ESCALATED : Cause.OPENED;
  }

  private Look look(RoutedAlarm alarm, Instant now) {
    Labels labels = labels(alarm);
    Acknowledgement acknowledgement = remarks.acknowledgement(alarm.id());
    long silencedUntil = remarks.silencedUntil(labels, now.toEpochMilli());
    return new Look(
        alarm,
        labels,
        acknowledgement,
        silencedUntil,
        rules.wishes(
            labels,
            alarm.newest().getKind(),
            alarm.openedAt(),
            silencedUntil,
            acknowledgement != null,
            now),
        now.toEpochMilli());
  }

  private Labels labels(RoutedAlarm alarm) {
    RunTags.Tags tags = runTags.of(alarm.newest());
    return new Labels(
        alarm.id(),
        alarm.newest().getProject(),
        alarm.newest().getRunId(),
        alarm.newest().getKind().name(),
        alarm.newest().getSeverity().name(),
        tags.owner(),
        tags.tags());
  }

  private Notice notice(Cause cause, Look look, int step, @Nullable Delivery told) {
    boolean shared =
        told != null
            && ((cause.isEnd() && journal.isShared(told))
                || (cause == Cause.ACKNOWLEDGED && journal.isSharedUnacknowledged(told)));
    return new Notice(
        cause, look.alarm(), look.labels(), step, told, look.acknowledgement(), !shared);
  }
}
