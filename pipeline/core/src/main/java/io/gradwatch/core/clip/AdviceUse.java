package io.gradwatch.core.clip;

/** What a trainer does with the advice it is told. */
public enum AdviceUse {
  /** Nothing was told yet, or the trainer says nothing of what it applies. */
  UNKNOWN("not known"),
  /** The threshold applied is the one that was told. */
  FOLLOWED("followed"),
  /** The trainer took the advice and applied its own bound instead. */
  BOUNDED("bounded by the trainer"),
  /** The trainer clips at another threshold, or not at all. */
  IGNORED("not followed");

  private final String text;

  AdviceUse(String text) {
    this.text = text;
  }

  /** The use in words. */
  public String text() {
    return text;
  }
}
