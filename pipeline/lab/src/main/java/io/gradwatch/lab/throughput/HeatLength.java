package io.gradwatch.lab.throughput;

/** How much the heats of a contest read. */
interface HeatLength {
  /**
   * A heat that only warms up.
   *
   * @param share see {@link Entrant#share}
   */
  Stretch warmUp(double share);

  /**
   * A heat that counts.
   *
   * @param share see {@link Entrant#share}
   * @param pace records a second that the entrant took in its last heat
   */
  Stretch counted(double share, double pace);

  /**
   * Each reads its share of so many.
   *
   * @param records in all
   */
  record Fixed(long records) implements HeatLength {
    @Override
    public Stretch warmUp(double share) {
      return new Stretch(Math.max(1, (long) (share * records)), 0);
    }

    @Override
    public Stretch counted(double share, double pace) {
      return warmUp(share);
    }
  }

  /**
   * The clock runs for so long in each that counts, as far as there are events: so that it holds
   * checkpoints, however fast an entrant is.
   *
   * @param seconds above 0
   * @param warmUp records of a heat that only warms up
   * @param uncounted records in a heat that counts before the clock may run
   * @param most records that there can be, more than those uncounted
   */
  record Lasting(double seconds, long warmUp, long uncounted, long most) implements HeatLength {
    /** Heats differ by some percent; this one must not be the shorter. */
    private static final double MARGIN = 1.1;

    public Lasting {
      if (!(seconds > 0)) {
        throw new IllegalArgumentException("a heat counts for " + seconds + " s, must be above 0");
      }
      if (uncounted >= Track.TO * most) {
        throw new IllegalArgumentException(
            "%d of at most %d events do not count, must be fewer than %.1f of them"
                .formatted(uncounted, most, Track.TO));
      }
    }

    @Override
    public Stretch warmUp(double share) {
      return new Stretch(Math.max(1, (long) (share * Math.min(warmUp, most))), 0);
    }

    @Override
    public Stretch counted(double share, double pace) {
      double counted = MARGIN * pace * seconds;
      double records =
          Math.max(counted / (Track.TO - Track.FROM), (uncounted + counted) / Track.TO);
      return new Stretch((long) Math.min((double) most, Math.ceil(records)), uncounted);
    }
  }
}
