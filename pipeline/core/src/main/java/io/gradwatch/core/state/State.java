package io.gradwatch.core.state;

/** Plain data that survives a restart. All-zero means that nothing was seen. */
public interface State {
  /** Writes every field to the codec, or reads every field from it, in a fixed order. */
  void fields(StateCodec codec);
}
