package io.gradwatch.lab.peers;

/** The rules that Gradwatch is compared with. */
public enum Peer {
  NAN("terminate on NaN (Lightning, Keras)"),
  KILL_LOSS_SPIKE("KillLossSpike (llm-foundry)"),
  MEGATRON("spiky loss and norm, 10x (Megatron)"),
  SKIP_STEP("SkipStep, 6 sigma of 128 (OLMo-core)"),
  ZCLIP("z-score of ZClip as an alarm"),
  RANDOM_CUT_FOREST("Random Cut Forest (AWS)");

  private final String label;

  Peer(String label) {
    this.label = label;
  }

  /** What the rule is and who uses it. */
  public String label() {
    return label;
  }

  /** The rule for one run, which has seen nothing yet. */
  public PeerRule newRule() {
    return switch (this) {
      case NAN -> new TerminateOnNan();
      case KILL_LOSS_SPIKE -> new KillLossSpike();
      case MEGATRON -> new UnexpectedlyLarge();
      case SKIP_STEP -> new SkipStep();
      case ZCLIP -> new ZClip();
      case RANDOM_CUT_FOREST -> new RandomCutForestRule();
    };
  }
}
