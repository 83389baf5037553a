package io.gradwatch.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** PARTITION:OFFSET of a letter, as list prints it. */
final class LetterId implements ITypeConverter<String> {
  private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,9}):(0|[1-9][0-9]{0,18})");

  @Override
  public String convert(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no PARTITION:OFFSET, such as 0:17; list prints them");
    }
    return text;
  }
}
