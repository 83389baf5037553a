package io.gradwatch.lab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The directions between modules and the purity of the core, checked on the compiled classes. */
class ArchitectureTest {

  private static final String ROOT = "io.gradwatch";

  /** What each package of the first level may use of the others; {@code records} is generated. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("records", Set.of()),
          entry("schemas", Set.of("records")),
          entry("core", Set.of()),
          entry("wire", Set.of("core", "schemas", "records")),
          entry("jobs", Set.of("core", "wire", "schemas", "records")),
          entry("traces", Set.of("schemas", "records")),
          entry("backtest", Set.of("core", "wire", "schemas", "records", "traces")),
          entry("producer", Set.of("schemas", "records")),
          entry("agent", Set.of("producer", "traces", "schemas", "records")),
          entry("broker", Set.of()),
          entry("console", Set.of("schemas", "records")),
          entry(
              "cli",
              Set.of(
                  "agent",
                  "backtest",
                  "broker",
                  "console",
                  "core",
                  "jobs",
                  "producer",
                  "records",
                  "schemas",
                  "traces",
                  "wire")),
          entry(
              "lab",
              Set.of(
                  "agent",
                  "backtest",
                  "broker",
                  "cli",
                  "console",
                  "core",
                  "jobs",
                  "producer",
                  "records",
                  "schemas",
                  "traces",
                  "wire")));

  @SuppressWarnings("UnusedVariable") // @FieldSource reads it
  private static final Set<String> MODULES = MAY_USE.keySet();

  private static final Set<String> NOT_REPEATABLE =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.Math.random",
          "java.lang.StrictMath.random",
          "java.util.UUID.randomUUID",
          "java.util.Collections.shuffle",
          // These may differ by a bit from one machine to another; StrictMath's may not.
          "java.lang.Math.exp",
          "java.lang.Math.expm1",
          "java.lang.Math.log",
          "java.lang.Math.log10",
          "java.lang.Math.log1p",
          "java.lang.Math.pow",
          "java.lang.Math.cbrt",
          "java.lang.Math.hypot",
          "java.lang.Math.tanh",
          "java.util.Date.<init>",
          "java.util.Calendar.getInstance");

  private static JavaClasses all;

  @BeforeAll
  static void importClasses() {
    all =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
  }

  @ParameterizedTest
  @FieldSource("MODULES")
  void usesOnlyTheModulesBelowIt(String module) {
    String[] allowed =
        Stream.concat(Stream.of(module), MAY_USE.getOrDefault(module, Set.of()).stream())
            .map(ArchitectureTest::packageOf)
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(packageOf(module))
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(allowed)))
        .check(all);
  }

  @Test
  void knowsEveryModule() {
    classes()
        .should()
        .resideInAnyPackage(
            MAY_USE.keySet().stream().map(ArchitectureTest::packageOf).toArray(String[]::new))
        .check(all);
  }

  @Test
  void nothingDependsOnTheLab() {
    noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("lab"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(packageOf("lab"))
        .check(all);
  }

  @Test
  void coreUsesTheJdkAndNothingElse() {
    classes()
        .that()
        .resideInAPackage(packageOf("core"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", packageOf("core"))
        .check(all);
  }

  @Test
  void coreGivesTheSameAnswerEverywhere() {
    noClasses()
        .that()
        .resideInAPackage(packageOf("core"))
        .should()
        .accessTargetWhere(isNotRepeatable())
        .orShould()
        .dependOnClassesThat(
            resideInAnyPackage("java.util.logging..", "java.util.random..")
                .or(
                    ofNames(
                        "java.lang.System$Logger",
                        "java.security.SecureRandom",
                        "java.time.Clock",
                        "java.util.Random",
                        "java.util.SplittableRandom",
                        "java.util.concurrent.ThreadLocalRandom")))
        .check(all);
  }

  @Test
  void nothingIsReadByReflectionOrJavaSerialisation() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.apache.avro.reflect..", "com.esotericsoftware..")
                .or(ofNames("java.beans.XMLDecoder", "java.io.ObjectInputStream")))
        .check(all);
  }

  @Test
  void packagesOfTheCoreFormNoCycle() {
    slices().matching(ROOT + ".core.(*)..").should().beFreeOfCycles().check(all);
  }

  @Test
  void modulesFormNoCycle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(all);
  }

  private static String packageOf(String module) {
    return ROOT + "." + module + "..";
  }

  private static DescribedPredicate<JavaClass> ofNames(String... names) {
    Set<String> set = Set.of(names);
    return DescribedPredicate.describe(
        "are any of " + set, type -> set.contains(type.getFullName()));
  }

  /** The calls named above, and {@code now()} of anything in {@code java.time}. */
  private static DescribedPredicate<JavaAccess<?>> isNotRepeatable() {
    return DescribedPredicate.describe(
        "reads a clock or rolls dice",
        access -> {
          String owner = access.getTargetOwner().getFullName();
          return NOT_REPEATABLE.contains(owner + "." + access.getName())
              || (owner.startsWith("java.time.") && access.getName().equals("now"));
        });
  }
}
