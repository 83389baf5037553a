package io.gradwatch.cli.doctor;

import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.QuorumInfo.ReplicaState;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * This machine's clock beside that of Kafka's controller. Kafka tells no broker's time outright;
 * but the controller that leads says of every controller when it was last up to date, which of
 * itself is now.
 *
 * @param aheadMillis by how much this machine is ahead of the controller; empty when the controller
 *     does not tell
 * @param uncertaintyMillis half of the time that the question took
 */
record Clocks(OptionalLong aheadMillis, long uncertaintyMillis) {

  static Clocks read(Admin admin) throws ExecutionException, InterruptedException {
    long before = System.currentTimeMillis();
    QuorumInfo quorum;
    try {
      quorum = admin.describeMetadataQuorum().quorumInfo().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException
          || e.getCause() instanceof UnsupportedVersionException) {
        return new Clocks(OptionalLong.empty(), 0);
      }
      throw e;
    }
    long after = System.currentTimeMillis();
    return of(quorum, before, after);
  }

  static Clocks of(QuorumInfo quorum, long beforeMillis, long afterMillis) {
    for (ReplicaState voter : quorum.voters()) {
      OptionalLong now = voter.lastCaughtUpTimestamp();
      if (voter.replicaId() == quorum.leaderId() && now.isPresent() && now.getAsLong() > 0) {
        long middle = beforeMillis + (afterMillis - beforeMillis) / 2;
        return new Clocks(
            OptionalLong.of(middle - now.getAsLong()), (afterMillis - beforeMillis + 1) / 2);
      }
    }
    return new Clocks(OptionalLong.empty(), 0);
  }
}
