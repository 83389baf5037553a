package io.gradwatch.jobs.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.jobs.Policies;
import io.gradwatch.jobs.records.PolicyHistory;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.PolicyDecoder;
import io.gradwatch.wire.policy.RefusedPolicyException;
import io.gradwatch.wire.policy.RefusedPolicyException.Reason;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyLedgerTest {
  private final Memory state = new Memory();

  @Test
  void countsPoliciesThatWereNotRemovedAndKnowsTheNewestOffset() throws Exception {
    PolicyLedger ledger = new PolicyLedger(state, new PolicyDecoder(), 10);
    assertThat(ledger.newestOffset()).isEqualTo(-1);
    ledger.take(Policies.consumed(0, of("r")), 0);
    ledger.take(Policies.consumed(3, of("s")), 0);
    assertThat(ledger.policies()).isEqualTo(2);
    ledger.take(Policies.consumed(7, of("r"), null), 5);
    assertThat(ledger.policies()).isEqualTo(1);
    assertThat(ledger.newestOffset()).isEqualTo(7);

    PolicyLedger restored = new PolicyLedger(state, new PolicyDecoder(), 10);
    assertThat(restored.policies()).isEqualTo(1);
    assertThat(restored.newestOffset()).isEqualTo(7);
  }

  @Test
  void saysFromWhenOnAPolicyHoldsThatItDidNotKnow() throws Exception {
    PolicyLedger ledger = new PolicyLedger(state, new PolicyDecoder(), 10);
    assertThat(ledger.take(Policies.consumed(1, of("r").at(9)), 0)).isEqualTo(9);
    PolicyBook book = ledger.book();
    assertThat(ledger.take(Policies.consumed(1, of("r").at(9)), 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(ledger.book()).isSameAs(book);
  }

  @Test
  void onePolicyTooManyIsRefusedAndANewVersionOfAKnownOneIsNot() throws Exception {
    PolicyLedger ledger = new PolicyLedger(state, new PolicyDecoder(), 2);
    ledger.take(Policies.consumed(0, of("a")), 0);
    ledger.take(Policies.consumed(1, of("b")), 0);
    RefusedPolicyException refused =
        catchThrowableOfType(
            RefusedPolicyException.class, () -> ledger.take(Policies.consumed(2, of("c")), 0));

    assertThat(refused.reason()).isEqualTo(Reason.TOO_MANY_POLICIES);
    assertThat(refused)
        .hasMessage("run/vision/c is one policy too many, at most 2 are kept; remove some");
    assertThat(ledger.take(Policies.consumed(3, of("b").at(8)), 0)).isEqualTo(8);
  }

  @Test
  void policiesThatWereRemovedLongAgoMakeRoom() throws Exception {
    long soon = Topics.POLICY_HISTORY.toMillis();
    PolicyLedger ledger = new PolicyLedger(state, new PolicyDecoder(), 2);
    ledger.take(Policies.consumed(0, of("a")), 0);
    ledger.take(Policies.consumed(1, of("a"), null), 0);
    ledger.take(Policies.consumed(2, of("b")), 0);

    assertThat(
            catchThrowableOfType(
                RefusedPolicyException.class,
                () -> ledger.take(Policies.consumed(3, of("c")), soon)))
        .isNotNull();
    ledger.take(Policies.consumed(4, of("c")), soon + 1);
    assertThat(state.contains("run/vision/a")).isFalse();
    assertThat(ledger.policies()).isEqualTo(2);
  }

  @Test
  void keepsSoManyVersionsOfAPolicy() throws Exception {
    PolicyLedger ledger = new PolicyLedger(state, new PolicyDecoder(), 2);
    for (int i = 0; i <= PolicyBook.MAX_VERSIONS; i++) {
      ledger.take(Policies.consumed(i, of("a").at(i)), 0);
    }
    PolicyHistory kept = state.get("run/vision/a");
    assertThat(kept.versions()).hasSize(PolicyBook.MAX_VERSIONS);
    assertThat(kept.versions().get(0).effectiveAt()).isEqualTo(1);
    ledger.take(Policies.consumed(100, of("a").at(0)), 0);
    assertThat(state.get("run/vision/a").versions()).hasSize(1);
  }

  private static PolicyDocument of(String run) {
    Settings alert = Policies.ALERT;
    return new PolicyDocument(PolicyScope.RUN, "vision/" + run, 0, alert);
  }

  /** Broadcast state without a Flink. */
  private static final class Memory implements BroadcastState<String, PolicyHistory> {
    private final Map<String, PolicyHistory> known = new HashMap<>();

    @Override
    public void put(String key, PolicyHistory value) {
      known.put(key, value);
    }

    @Override
    public void putAll(Map<String, PolicyHistory> map) {
      known.putAll(map);
    }

    @Override
    public void remove(String key) {
      known.remove(key);
    }

    @Override
    public Iterator<Map.Entry<String, PolicyHistory>> iterator() {
      return known.entrySet().iterator();
    }

    @Override
    public Iterable<Map.Entry<String, PolicyHistory>> entries() {
      return known.entrySet();
    }

    @Override
    public @Nullable PolicyHistory get(String key) {
      return known.get(key);
    }

    @Override
    public boolean contains(String key) {
      return known.containsKey(key);
    }

    @Override
    public Iterable<Map.Entry<String, PolicyHistory>> immutableEntries() {
      return known.entrySet();
    }

    @Override
    public void clear() {
      known.clear();
    }
  }
}
