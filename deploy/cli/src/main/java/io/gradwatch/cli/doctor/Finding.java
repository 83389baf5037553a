package io.gradwatch.cli.doctor;

/**
 * One thing that was looked at.
 *
 * @param check who looked
 * @param subject at what: a topic, a project, a group
 * @param found how it is
 * @param bound how it has to be; empty where nothing is demanded
 * @param remedy what to do, a command where there is one; empty where nothing is to be done
 */
public record Finding(
    String check, String subject, Severity severity, String found, String bound, String remedy) {

  /** How bad it is, the worst last. */
  public enum Severity {
    /** As it should be. */
    OK,
    /** Works, or could not be looked at; worth knowing. */
    NOTE,
    /** Something does not work, or will stop to. */
    PROBLEM
  }

  static Finding ok(String check, String subject, String found, String bound) {
    return new Finding(check, subject, Severity.OK, found, bound, "");
  }

  static Finding note(String check, String subject, String found, String bound, String remedy) {
    return new Finding(check, subject, Severity.NOTE, found, bound, remedy);
  }

  static Finding problem(String check, String subject, String found, String bound, String remedy) {
    return new Finding(check, subject, Severity.PROBLEM, found, bound, remedy);
  }
}
