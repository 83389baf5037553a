package io.gradwatch.producer;

import io.gradwatch.records.ClipMode;
import io.gradwatch.records.NormStage;
import io.gradwatch.records.RunStarted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run says about itself when it starts. Everything is optional; the layers matter most. Not
 * for use by two threads at once; what is changed after it was given to {@link
 * StepPublisher#started} is not published.
 */
public final class RunDescription {
  private final RunStarted body = new RunStarted();
  private final Map<String, String> tags = new LinkedHashMap<>();

  private RunDescription() {
    body.setOwner("");
    body.setFramework("");
    body.setLayerNames(List.of());
    body.setWorldSize(1);
    body.setClipMode(ClipMode.UNKNOWN);
    body.setNormStage(NormStage.PRE_CLIP);
  }

  /** A run of which nothing is known yet. */
  public static RunDescription create() {
    return new RunDescription();
  }

  /** Who to ask about the run. */
  public RunDescription owner(String owner) {
    body.setOwner(owner);
    return this;
  }

  /** Name and version of the training framework. */
  public RunDescription framework(String framework) {
    body.setFramework(framework);
    return this;
  }

  /** Names of the layers in forward order; all arrays over layers follow it. At most 16,384. */
  public RunDescription layers(@Nullable List<String> names) {
    body.setLayerNames(names == null ? List.of() : new ArrayList<>(names));
    return this;
  }

  /** Number of ranks, at least 1. */
  public RunDescription worldSize(int ranks) {
    body.setWorldSize(ranks);
    return this;
  }

  /** Optimizer steps the run is meant to take. */
  public RunDescription plannedSteps(long steps) {
    body.setPlannedSteps(steps);
    return this;
  }

  /** The trainer clips the global gradient norm to this. */
  public RunDescription clipsGlobalNormTo(double threshold) {
    return clips(ClipMode.GLOBAL_NORM, threshold);
  }

  /** How the trainer clips. */
  public RunDescription clips(ClipMode mode, @Nullable Double threshold) {
    body.setClipMode(mode);
    body.setClipThreshold(threshold);
    return this;
  }

  /** Whether norms are taken before or after clipping. */
  public RunDescription normStage(NormStage stage) {
    body.setNormStage(stage);
    return this;
  }

  /** Gradient norms are still multiplied by the loss scale. */
  public RunDescription normScaled(boolean scaled) {
    body.setNormScaled(scaled);
    return this;
  }

  /** A free label: host, cluster, data shard. */
  public RunDescription tag(String name, String value) {
    tags.put(name, value);
    return this;
  }

  /** A copy, which later changes do not reach. */
  RunStarted body() {
    RunStarted copy = Snapshot.of(body, new RunStarted());
    copy.setTags(new LinkedHashMap<>(tags));
    return copy;
  }
}
