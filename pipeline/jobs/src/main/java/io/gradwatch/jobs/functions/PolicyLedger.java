package io.gradwatch.jobs.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.PolicyHistory;
import io.gradwatch.jobs.records.PolicyHistory.Version;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.PolicyDecoder;
import io.gradwatch.wire.policy.RefusedPolicyException;
import io.gradwatch.wire.policy.RefusedPolicyException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies that one task knows: broadcast state, and the book made of it. A record that is
 * taken a second time changes nothing, wherever it comes from: a key's records lie in one
 * partition, so what is not behind the newest one taken was taken before.
 */
final class PolicyLedger {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyLedger.class);

  private final BroadcastState<String, PolicyHistory> state;
  private final int mostPolicies;
  private final PolicyDecoder decoder;
  private final Map<String, Boolean> sets = new HashMap<>();
  private final List<PolicyDocument> notInBook = new ArrayList<>();
  private PolicyBook book = PolicyBook.empty();

  /** Number of keys that are true in {@link #sets}; metrics ask from a thread of their own. */
  private volatile int policies;

  private volatile long newestOffset = -1;

  /**
   * A ledger of what the state holds.
   *
   * @param mostPolicies keys of which policies may be known
   */
  PolicyLedger(BroadcastState<String, PolicyHistory> state, PolicyDecoder decoder, int mostPolicies)
      throws Exception {
    this.state = state;
    this.decoder = decoder;
    this.mostPolicies = mostPolicies;
    readState();
  }

  private void readState() throws Exception {
    sets.clear();
    policies = 0;
    newestOffset = -1;
    List<PolicyDocument> documents = new ArrayList<>();
    for (Map.Entry<String, PolicyHistory> known : state.entries()) {
      byte[] key = known.getKey().getBytes(UTF_8);
      for (Version version : known.getValue().versions()) {
        try {
          documents.add(decoder.decode(key, version.value(), version.timestamp()));
        } catch (RefusedPolicyException e) {
          // It was valid for the build that took it.
          LOG.warn(
              "policy {} of offset {} is left out: {}",
              known.getKey(),
              version.offset(),
              e.getMessage());
        }
      }
      note(known.getKey(), known.getValue().newest());
    }
    book = PolicyBook.of(documents);
    notInBook.clear();
  }

  private void note(String key, Version newest) {
    boolean isSet = newest.value() != null;
    boolean wasSet = Boolean.TRUE.equals(sets.put(key, isSet));
    int others = policies - (wasSet ? 1 : 0);
    policies = others + (isSet ? 1 : 0);
    newestOffset = Math.max(newestOffset, newest.offset());
  }

  /** What holds for each run: the same book until something is taken. */
  PolicyBook book() {
    if (!notInBook.isEmpty()) {
      book = book.with(notInBook);
      notInBook.clear();
    }
    return book;
  }

  /** Number of policies that were published and not removed. */
  int policies() {
    return policies;
  }

  /** Offset of the newest policy taken; -1 before the first. */
  long newestOffset() {
    return newestOffset;
  }

  /**
   * Forgets everything when the topic ends before what was taken from it: it is another one by now.
   */
  void begin(long end) throws Exception {
    if (newestOffset >= end) {
      LOG.warn(
          "the policy topic ends at offset {}, and a policy of offset {} is known: it was made anew,"
              + " what was known is forgotten",
          end,
          newestOffset);
      state.clear();
      readState();
    }
  }

  /**
   * Takes a record.
   *
   * @return from when on it holds, in milliseconds since 1970; {@link Long#MAX_VALUE} when it was
   *     known already
   * @throws RefusedPolicyException when it is no policy; what was known of its key stays
   */
  long take(ConsumedRecord record, long timestamp) throws Exception {
    PolicyDocument document = decoder.decode(record.key(), record.value(), timestamp);
    PolicyHistory known = state.get(document.key());
    if (known != null && record.offset() <= known.newest().offset()) {
      return Long.MAX_VALUE;
    }
    if (known == null && sets.size() >= mostPolicies) {
      forgetRemoved(timestamp);
      if (sets.size() >= mostPolicies) {
        throw new RefusedPolicyException(
            Reason.TOO_MANY_POLICIES,
            "%s is one policy too many, at most %d are kept; remove some"
                .formatted(document.key(), mostPolicies));
      }
    }
    Version version =
        new Version(document.effectiveAt(), record.offset(), timestamp, record.value());
    state.put(
        document.key(),
        known == null
            ? new PolicyHistory(List.of(version))
            : known.with(version, PolicyBook.MAX_VERSIONS));
    note(document.key(), version);
    notInBook.add(document);
    return document.effectiveAt();
  }

  /** Forgets policies that were removed so long ago that no event of before is left. */
  private void forgetRemoved(long now) throws Exception {
    long before = now - Topics.POLICY_HISTORY.toMillis();
    List<String> gone = new ArrayList<>();
    for (Map.Entry<String, PolicyHistory> known : state.entries()) {
      Version newest = known.getValue().newest();
      if (newest.value() == null && newest.effectiveAt() < before) {
        gone.add(known.getKey());
      }
    }
    for (String key : gone) {
      state.remove(key);
    }
    if (!gone.isEmpty()) {
      readState();
    }
  }
}
