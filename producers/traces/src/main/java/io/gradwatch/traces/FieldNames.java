package io.gradwatch.traces;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which field a name in a log stands for. Recordings are written for this project and have {@link
 * #exact() one set of names}; logs of other tools have {@link #common() names of their own}, and
 * often several for one field: then the better one counts and the others are series of other names.
 *
 * <p>Immutable.
 */
public final class FieldNames {
  /** Names that stand for a field. */
  private record Rule(Predicate<String> names, Field field) {}

  /**
   * What a name stands for.
   *
   * @param field the field
   * @param preference lower is better; of two names of one field the better one counts
   */
  record Match(Field field, int preference) {}

  private static final int CHOSEN = 0;
  private static final int EXACT = 1;
  private static final int COMMON = 2;
  private static final int LEAST = 1_000;

  /** Names of other tools after {@link #normal}, the better first. */
  private static final Map<Field, List<String>> COMMON_NAMES =
      Map.ofEntries(
          entry(
              Field.STEP,
              List.of(
                  "global_step",
                  "train_global_step", // Transformers through Weights & Biases
                  "trainer_global_step", // Lightning through Weights & Biases
                  "iteration",
                  "iter",
                  "step")),
          entry(
              Field.LOSS,
              List.of(
                  "train_loss_step", // Lightning with on_step and on_epoch
                  "train_loss",
                  "loss_train",
                  "training_loss",
                  "loss_training",
                  "lm_loss", // Megatron-LM
                  "lm_loss_training_lm_loss", // Megatron-DeepSpeed
                  "train_samples_train_loss", // DeepSpeed's monitor
                  "loss_metrics_global_avg_loss", // torchtitan
                  "loss_train_total", // Composer
                  "train_crossentropyloss", // OLMo
                  "train_batch_loss",
                  "batch_loss",
                  "total_loss",
                  "loss_total",
                  "train_total_loss",
                  "epoch_loss")), // Keras
          entry(
              Field.GRAD_NORM,
              List.of(
                  "train_grad_norm",
                  "gradient_norm",
                  "train_gradient_norm",
                  "global_grad_norm",
                  "grad_norm_grad_norm", // Megatron-DeepSpeed
                  "grad_2_0_norm_total", // Lightning
                  "optim_total_grad_norm", // OLMo
                  "l2_norm_grad_global", // Composer
                  "total_grad_norm",
                  "grad_norm_total",
                  "gradnorm")),
          entry(
              Field.LEARNING_RATE,
              List.of(
                  "lr",
                  "train_learning_rate",
                  "train_lr",
                  "learning_rate_learning_rate", // Megatron-DeepSpeed
                  "train_samples_lr", // DeepSpeed's monitor
                  "optim_learning_rate_group0")), // OLMo
          entry(
              Field.LOSS_SCALE,
              List.of("train_loss_scale", "loss_scale_loss_scale", "train_samples_loss_scale")),
          entry(Field.SKIPPED_ITERATIONS, List.of("number_of_skipped_iterations")), // Megatron-LM
          entry(Field.NAN_ITERATIONS, List.of("number_of_nan_iterations")),
          entry(Field.BATCH_SIZE, List.of("batch_size_batch_size", "train_batch_size")),
          entry(
              Field.EVAL_LOSS,
              List.of(
                  "validation_loss",
                  "loss_val",
                  "loss_eval",
                  "loss_validation",
                  "valid_loss",
                  "lm_loss_validation", // Megatron-LM
                  "lm_loss_validation_lm_loss_validation", // Megatron-DeepSpeed
                  "test_loss",
                  "loss_test")));

  private static final Map<String, Match> BY_COMMON_NAME = byCommonName();
  private static final FieldNames EXACT_NAMES = new FieldNames(false, Map.of(), List.of());
  private static final FieldNames COMMON_TOO = new FieldNames(true, Map.of(), List.of());

  private final boolean common;
  private final Map<String, Field> chosen;
  private final List<Rule> rules;

  private FieldNames(boolean common, Map<String, Field> chosen, List<Rule> rules) {
    this.common = common;
    this.chosen = Map.copyOf(chosen);
    this.rules = List.copyOf(rules);
  }

  /** The names of recordings; two of one meaning in a file are an error. */
  public static FieldNames exact() {
    return EXACT_NAMES;
  }

  /** These, and those that training frameworks and loggers use. */
  public static FieldNames common() {
    return COMMON_TOO;
  }

  /**
   * The same with names of one's own.
   *
   * @param nameByField a recording's name of the field to the name in the log, such as {@code loss}
   *     to {@code train/objective}; no other name stands for that field then
   * @throws IllegalArgumentException when there is no such field, or one name is to stand for two
   */
  public FieldNames with(Map<String, String> nameByField) {
    Map<String, Field> all = new HashMap<>(chosen);
    nameByField.forEach(
        (fieldName, name) -> {
          Field field = checked(fieldName);
          Field other = all.put(name, field);
          if (other != null && other != field) {
            throw new IllegalArgumentException(
                "'%s' cannot stand for both %s and %s".formatted(name, other, field));
          }
        });
    return new FieldNames(common, all, rules);
  }

  /**
   * The same with a rule of one's own; of several rules for a name the first counts.
   *
   * @param names true for a name that stands for the field; no other name does then
   * @param fieldName a recording's name of the field, such as {@code loss}
   * @throws IllegalArgumentException when there is no such field
   */
  public FieldNames with(Predicate<String> names, String fieldName) {
    List<Rule> all = new ArrayList<>(rules);
    all.add(new Rule(names, checked(fieldName)));
    return new FieldNames(common, chosen, all);
  }

  private static Field checked(String fieldName) {
    Field field = Field.named(fieldName);
    if (field == null || field == Field.IGNORED) {
      throw new IllegalArgumentException(
          "there is no field '%s'; allowed: %s".formatted(fieldName, Field.allNames()));
    }
    return field;
  }

  /** True where two names of one field in a row are an error. */
  boolean isStrict() {
    return !common && chosen.isEmpty() && rules.isEmpty();
  }

  /** What a name stands for; null when it is a series of any other name. */
  @Nullable Match match(String name) {
    Field field = chosen.get(name);
    if (field != null) {
      return new Match(field, CHOSEN);
    }
    for (Rule rule : rules) {
      if (rule.names().test(name)) {
        return new Match(rule.field(), CHOSEN);
      }
    }
    Match match = matchUnchosen(name);
    return match == null || isChosen(match.field()) ? null : match;
  }

  /** The field a name stands for; null when it is a series of any other name. */
  public @Nullable Field field(String name) {
    if (isStrict()) {
      return Field.named(name);
    }
    Match match = match(name);
    return match == null ? null : match.field();
  }

  /**
   * Which of two names of one field counts.
   *
   * @return true when the first is at least as good as the second
   */
  public boolean prefers(String first, String second) {
    Match itsFirst = match(first);
    Match itsSecond = match(second);
    return itsSecond == null
        || (itsFirst != null && itsFirst.preference() <= itsSecond.preference());
  }

  private boolean isChosen(Field field) {
    return chosen.containsValue(field) || rules.stream().anyMatch(rule -> rule.field() == field);
  }

  private @Nullable Match matchUnchosen(String name) {
    Field field = Field.named(name);
    if (field != null) {
      return new Match(field, EXACT);
    }
    if (!common || LayerSeries.ofColumn(name) != null) {
      return null;
    }
    String normal = normal(name);
    Match match = BY_COMMON_NAME.get(normal);
    if (match == null && normal.startsWith("lr_")) {
      return new Match(Field.LEARNING_RATE, LEAST); // Lightning's lr-AdamW, lr-AdamW/pg1
    }
    return match;
  }

  /** Lower case, with one underscore for whatever stands between letters and digits. */
  private static String normal(String name) {
    StringBuilder out = new StringBuilder(name.length());
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (letter) {
        out.append(c);
      } else if (!out.isEmpty() && out.charAt(out.length() - 1) != '_') {
        out.append('_');
      }
    }
    int length = out.length();
    return length > 0 && out.charAt(length - 1) == '_' ? out.substring(0, length - 1) : out + "";
  }

  private static Map<String, Match> byCommonName() {
    Map<String, Match> all = new HashMap<>();
    new EnumMap<>(COMMON_NAMES)
        .forEach(
            (field, names) -> {
              for (int i = 0; i < names.size(); i++) {
                all.put(names.get(i), new Match(field, COMMON + 1 + i));
              }
            });
    for (Field field : Field.values()) {
      if (!field.isText()) {
        field.names().forEach(name -> all.putIfAbsent(name, new Match(field, COMMON)));
      }
    }
    return Map.copyOf(all);
  }
}
