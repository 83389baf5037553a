package io.gradwatch.console.api;

import java.util.List;

/**
 * Silences: the active ones first, then pending, then ended ones.
 *
 * @param total silences that match, of which this is a part
 * @param offset place of the first of them
 * @param silences the silences
 */
public record SilencePage(int total, int offset, List<SilenceView> silences) {}
