package io.gradwatch.cli;

import io.gradwatch.core.policy.NearestName;
import io.gradwatch.wire.UndecodableException;
import io.gradwatch.wire.policy.RefusedPolicyException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A reason for which the job refuses records, in whichever case it is written. */
final class ReasonName implements ITypeConverter<String> {
  private static final Set<String> KNOWN =
      Stream.of(UndecodableException.Reason.values(), RefusedPolicyException.Reason.values())
          .flatMap(Arrays::<Enum<?>>stream)
          .map(Enum::name)
          .collect(Collectors.toCollection(TreeSet::new));

  @Override
  public String convert(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (!KNOWN.contains(name)) {
      throw new TypeConversionException(
          "'" + text + "' is no reason" + NearestName.suggestion(text, KNOWN));
    }
    return name;
  }
}
