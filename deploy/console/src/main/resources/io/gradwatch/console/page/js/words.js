// The words of the interface's enums, and what the numbers of an alarm mean.

export const STATES = {
  CRITICAL: { word: "critical", icon: "triangle", tone: "critical" },
  SILENT: { word: "silent", icon: "pause", tone: "silent" },
  WATCH: { word: "watch", icon: "diamond", tone: "watch" },
  HEALTHY: { word: "healthy", icon: "check", tone: "healthy" },
  ENDED: { word: "ended", icon: "square", tone: "ended" },
};

export const SEVERITIES = {
  CRITICAL: { word: "critical", icon: "triangle", tone: "critical" },
  WARNING: { word: "warning", icon: "diamond", tone: "watch" },
  INFO: { word: "info", icon: "info", tone: "ended" },
};

export const STATUSES = {
  OPEN: "Open",
  ACKNOWLEDGED: "Acknowledged",
  SILENCED: "Silenced",
  RESOLVED: "Resolved",
};

export const RESOLUTIONS = {
  NONE: "",
  RECOVERED: "the series came back",
  REWOUND: "a newer attempt rewound the run",
  RUN_ENDED: "the run ended",
};

export const VERDICTS = {
  RIGHT: "Right",
  TOO_LATE: "Too late",
  FOR_NOTHING: "For nothing",
};

export const ADVICE_REASONS = {
  UNKNOWN: "no reason told",
  COLD_START: "first threshold of the run",
  BASELINE: "the baseline moved",
  DISTURBANCE: "a disturbance began",
  RECOVERED: "the disturbance ended",
  REWOUND: "the run was rewound",
  RENEWED: "renewed, nothing else changed",
};

export const ADVICE_USES = {
  UNKNOWN: "not told",
  FOLLOWED: "followed",
  BOUNDED: "followed within the trainer's bounds",
  IGNORED: "not followed",
};

const EXCEPTIONS = {
  NON_FINITE: "NaN or infinity",
  RUN_ID_CONFLICT: "Two jobs under one run id",
};

/** An enum's name as words: EXPLODING_GRADIENT becomes "Exploding gradient". */
export function words(constant) {
  const text = String(constant ?? "");
  if (EXCEPTIONS[text]) {
    return EXCEPTIONS[text];
  }
  const spaced = text.toLowerCase().replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** The entry of a table of words, or one that says the constant of a newer console as it is. */
export function look(table, constant) {
  return table[constant] ?? { word: words(constant).toLowerCase(), icon: "info", tone: "ended" };
}
