package io.gradwatch.core.policy;

/** The rules that a clip threshold may follow. */
public enum ClipRuleKind {
  /** Gradwatch's own: the centre of the norms plus a headroom that shrinks with their spread. */
  ADAPTIVE
}
