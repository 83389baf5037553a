package io.gradwatch.console.report;

/** From dark to bright as values rise, the same order in grey: after viridis (Smith 2015). */
final class ColourRamp {
  private static final int[] STOPS = {
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725
  };

  private ColourRamp() {}

  /**
   * @param share 0 to 1; what lies outside gets the nearer end
   */
  static int rgb(double share) {
    double place = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
    int stop = Math.min(STOPS.length - 2, (int) place);
    double between = place - stop;
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int low = STOPS[stop] >> shift & 0xFF;
      int high = STOPS[stop + 1] >> shift & 0xFF;
      rgb |= (int) Math.round(low + between * (high - low)) << shift;
    }
    return rgb;
  }
}
