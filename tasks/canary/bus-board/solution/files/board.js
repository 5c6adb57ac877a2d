'use strict';
// The departure board of a bus stop.

const DAY = 24 * 60;

function minutes(time) {
  const [hours, rest] = time.split(':');
  return Number(hours) * 60 + Number(rest);
}

function nextDepartures(timetable, now, count) {
  const start = minutes(now);
  return timetable
    .map(({ line, to, time }) => ({ line, to, wait: (minutes(time) - start + DAY) % DAY }))
    .sort((a, b) => a.wait - b.wait)
    .slice(0, count);
}

function waitText(wait) {
  if (wait === 0) {
    return 'now';
  }
  if (wait < 60) {
    return `${wait} min`;
  }
  return `${Math.floor(wait / 60)} h ${String(wait % 60).padStart(2, '0')} min`;
}

function row({ line, to, wait }) {
  return `${line.padStart(4)}  ${to.padEnd(14)}${waitText(wait).padStart(11)}`;
}

function board(timetable, now, count) {
  return nextDepartures(timetable, now, count).map(row).join('\n');
}

module.exports = { nextDepartures, board };
