// How figures are written.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 });

export const count = (n) => whole.format(n);

export const rate = (n) => (n === 0 ? "0/s" : n < 10 ? `${tenth.format(Math.ceil(n * 10) / 10)}/s` : `${whole.format(n)}/s`);

export const percent = (share) => `${Math.round(100 * share)}%`;

export function lasting(seconds) {
  if (seconds < 1) return `${Math.round(1000 * seconds)}ms`;
  if (seconds < 10) return `${tenth.format(seconds)}s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m${s % 60}s`;
  return `${Math.floor(s / 3600)}h${Math.floor((s % 3600) / 60)}m`;
}

export const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
