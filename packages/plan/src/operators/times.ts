import { noOverload, operator } from "./operator.ts";

const DAY = 24 * 60 * 60 * 1000;

/** A getter of timestamps, in UTC. */
function part(get: (time: Date) => number) {
  return operator((_meter, value) => {
    if (value instanceof Date) return get(value);
    throw noOverload(value);
  });
}

function dayOfYear(time: Date): number {
  const year = new Date(time);
  year.setUTCMonth(0, 1);
  year.setUTCHours(0, 0, 0, 0);
  return Math.floor((time.getTime() - year.getTime()) / DAY);
}

/** The names and the first values (0 or 1) are those of CEL. */
export const TIMES = {
  getFullYear: part((time) => time.getUTCFullYear()),
  getMonth: part((time) => time.getUTCMonth()),
  getDayOfYear: part(dayOfYear),
  getDayOfMonth: part((time) => time.getUTCDate() - 1),
  getDate: part((time) => time.getUTCDate()),
  getDayOfWeek: part((time) => time.getUTCDay()),
  getHours: part((time) => time.getUTCHours()),
  getMinutes: part((time) => time.getUTCMinutes()),
  getSeconds: part((time) => time.getUTCSeconds()),
  getMilliseconds: part((time) => time.getUTCMilliseconds()),
};
