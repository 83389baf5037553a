// What is drawn behind and over curves: episodes of alarms and the steps at which something happened.

import { colour } from "./theme.js";

const MARKS = {
  onset: { token: "mark-onset", dash: [5, 4], width: 1.5, cap: "down" },
  opened: { token: "mark-opened", dash: [], width: 1.5, cap: "flag" },
  resolved: { token: "mark-resolved", dash: [2, 3], width: 1.5, cap: "ring" },
  failure: { token: "mark-failure", dash: [], width: 2.5, cap: "cross" },
  rewind: { token: "mark-rewind", dash: [8, 3, 2, 3], width: 1.5, cap: null },
  chosen: { token: "text", dash: [], width: 1, cap: null },
};

/** Words of the legend for the marks, in the order in which they happen. */
export const MARK_WORDS = [
  ["episode", "alarm open"],
  ["onset", "onset"],
  ["opened", "alarm raised"],
  ["resolved", "alarm resolved"],
  ["failure", "run lost"],
  ["rewind", "rewound to here"],
  ["checkpoint", "checkpoint"],
  ["nonfinite", "NaN or ∞"],
];

function inside(u, draw) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, bbox, ratio);
  ctx.restore();
}

/** Shades the steps during which an alarm was open. */
export function drawEpisodes(u, episodes) {
  inside(u, (ctx, box) => {
    for (const { from, to, tone } of episodes) {
      const left = u.valToPos(from, "x", true);
      const right = u.valToPos(to, "x", true);
      ctx.fillStyle = colour(`episode-${tone}`);
      ctx.fillRect(left, box.top, Math.max(2, right - left), box.height);
    }
  });
}

/** Draws the marks, checkpoints at the bottom and steps without a number at the top. */
export function drawMarks(u, marks, nonfinite) {
  inside(u, (ctx, box, ratio) => {
    for (const mark of marks) {
      const x = Math.round(u.valToPos(mark.step, "x", true)) + 0.5;
      if (mark.kind === "checkpoint") {
        drawCheckpoint(ctx, x, box, ratio);
      } else if (MARKS[mark.kind]) {
        drawLine(ctx, x, box, ratio, MARKS[mark.kind]);
      }
    }
    ctx.strokeStyle = colour("mark-failure");
    ctx.lineWidth = 1.5 * ratio;
    for (const step of nonfinite) {
      drawCross(ctx, u.valToPos(step, "x", true), box.top + 8 * ratio, 3.5 * ratio);
    }
  });
}

function drawLine(ctx, x, box, ratio, { token, dash, width, cap }) {
  ctx.strokeStyle = colour(token);
  ctx.fillStyle = colour(token);
  ctx.lineWidth = width * ratio;
  ctx.setLineDash(dash.map((part) => part * ratio));
  ctx.beginPath();
  ctx.moveTo(x, box.top);
  ctx.lineTo(x, box.top + box.height);
  ctx.stroke();
  ctx.setLineDash([]);
  drawCap(ctx, x, box.top, 5 * ratio, cap, ratio);
}

function drawCap(ctx, x, top, r, cap, ratio) {
  ctx.beginPath();
  if (cap === "down") {
    ctx.moveTo(x - r, top);
    ctx.lineTo(x + r, top);
    ctx.lineTo(x, top + 1.6 * r);
    ctx.fill();
  } else if (cap === "flag") {
    ctx.moveTo(x, top);
    ctx.lineTo(x + 2 * r, top + r);
    ctx.lineTo(x, top + 2 * r);
    ctx.fill();
  } else if (cap === "ring") {
    ctx.lineWidth = 1.5 * ratio;
    ctx.arc(x, top + r + ratio, r * 0.8, 0, 2 * Math.PI);
    ctx.stroke();
  } else if (cap === "cross") {
    drawCross(ctx, x, top + r + ratio, r);
  }
}

function drawCross(ctx, x, y, r) {
  ctx.beginPath();
  ctx.moveTo(x - r, y - r);
  ctx.lineTo(x + r, y + r);
  ctx.moveTo(x + r, y - r);
  ctx.lineTo(x - r, y + r);
  ctx.stroke();
}

function drawCheckpoint(ctx, x, box, ratio) {
  const bottom = box.top + box.height;
  ctx.fillStyle = colour("mark-checkpoint");
  ctx.beginPath();
  ctx.moveTo(x - 4 * ratio, bottom);
  ctx.lineTo(x + 4 * ratio, bottom);
  ctx.lineTo(x, bottom - 7 * ratio);
  ctx.fill();
}
