package io.gradwatch.console.routing.config;

import io.gradwatch.console.routing.config.TargetConfig.Pace;
import io.gradwatch.console.routing.http.TargetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one target.
 *
 * @param secrets reads its secrets
 */
record TargetReader(SecretReader secrets) {
  private static final String SLACK_API = "https://slack.com/api";
  private static final String PAGERDUTY_API = "https://events.pagerduty.com/v2/enqueue";
  private static final int GROUP_OVER = 10;
  private static final Duration RESEND = Duration.ofMinutes(1);

  /** The target; null when there is none to be made of what is there, which is told. */
  @Nullable TargetConfig read(YamlSection section) {
    String name = section.required("name");
    if (!name.matches("[a-z0-9][a-z0-9-]{0,63}")) {
      section.refuse("name", "name is '" + name + "', must be lower-case letters, digits, dashes");
    }
    TargetType type = type(section);
    if (type == null) {
      return null;
    }
    boolean allowPrivate = section.flag("allow-private", false);
    Secret secret =
        switch (type) {
          case ALERTMANAGER -> secrets.read(section, "bearer-token");
          case SLACK -> secrets.read(section, "bot-token");
          case PAGERDUTY -> needed(section, "routing-key");
          case WEBHOOK -> needed(section, "secret");
        };
    boolean isBot =
        type == TargetType.SLACK && (section.has("bot-token") || section.has("bot-token-file"));
    TargetAddress address = address(section, type, isBot, allowPrivate);
    String channel = type == TargetType.SLACK ? channel(section, isBot) : "";
    Map<String, String> labels = type == TargetType.ALERTMANAGER ? labels(section) : Map.of();
    Pace pace = pace(section, type);
    section.end();
    return address == null
        ? null
        : new TargetConfig(name, type, address, secret, channel, labels, pace);
  }

  private static @Nullable TargetType type(YamlSection section) {
    String word = section.required("type");
    for (TargetType type : TargetType.values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    List<String> known = Stream.of(TargetType.values()).map(TargetType::word).toList();
    section.refuse("type", "unknown type of target: " + word + NearestName.suggestion(word, known));
    return null;
  }

  private @Nullable Secret needed(YamlSection section, String name) {
    Secret secret = secrets.read(section, name);
    if (secret == null && !section.has(name) && !section.has(name + "-file")) {
      section.refuse(name + " or " + name + "-file is missing");
    }
    return secret;
  }

  private @Nullable TargetAddress address(
      YamlSection section, TargetType type, boolean isBot, boolean allowPrivate) {
    // The path of Slack's incoming webhooks is all there is to know to write there.
    Secret url =
        type == TargetType.SLACK && !isBot
            ? secrets.read(section, "url")
            : secrets.readOrPlain(section, "url");
    if (url == null) {
      if (section.has("url") || section.has("url-file")) {
        return null; // told
      }
      if (type == TargetType.PAGERDUTY) {
        url = Secret.plain(PAGERDUTY_API);
      } else if (type == TargetType.SLACK && isBot) {
        url = Secret.plain(SLACK_API);
      } else {
        section.refuse("url or url-file is missing");
        return null;
      }
    }
    try {
      return TargetAddress.of(url.reveal(), allowPrivate);
    } catch (IllegalArgumentException e) {
      section.refuse("url", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static String channel(YamlSection section, boolean isBot) {
    String channel = section.text("channel", "");
    if (isBot && channel.isBlank()) {
      section.refuse("channel is missing: a bot has to be told where to write");
    }
    if (!isBot && !channel.isBlank()) {
      section.refuse("channel", "channel needs bot-token; an incoming webhook has its own");
    }
    return channel;
  }

  private static Map<String, String> labels(YamlSection section) {
    Map<String, String> labels = new LinkedHashMap<>();
    YamlSection inner = section.section("labels");
    if (inner != null) {
      for (String name : inner.allNames()) {
        if (!name.matches("[a-zA-Z_][a-zA-Z0-9_]{0,63}")) {
          inner.refuse(name, "label is '" + name + "', must be letters, digits and underscores");
        }
        labels.put(name, inner.text(name, ""));
      }
    }
    return labels;
  }

  private static Pace pace(YamlSection section, TargetType type) {
    Duration resend =
        type.isRetold() ? section.parsed("resend", RESEND, Durations::parse) : Duration.ZERO;
    if (type.isRetold() && resend.compareTo(Duration.ofSeconds(1)) < 0) {
      section.refuse("resend", "resend must be at least 1s");
    }
    int groupOver = type.isRetold() ? 0 : section.integer("group-over", GROUP_OVER, 0, 10_000);
    Duration groupWait =
        type.isRetold()
            ? Duration.ZERO
            : section.parsed("group-wait", type.groupWait(), Durations::parse);
    return new Pace(
        groupOver,
        groupWait,
        section.integer("rate-per-minute", type.ratePerMinute(), 1, 60_000),
        resend);
  }
}
