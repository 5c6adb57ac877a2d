'use strict';
// The departure board of a bus stop.

function minutes(time) {
  const [hours, rest] = time.split(':');
  return hours * 60 + rest;
}

function nextDepartures(timetable, now, count) {
  const start = minutes(now);
  const found = [];
  timetable.sort((a, b) => a.time > b.time);
  for (const { line, to, time } of timetable) {
    const wait = minutes(time) - start;
    if (wait > 0) {
      found.push({ line, to, wait });
    }
  }
  return found.slice(0, count);
}

function waitText(wait) {
  if (wait < 60) {
    return `${wait} min`;
  }
  return `${Math.floor(wait / 60)} h ${wait % 60} min`;
}

function row({ line, to, wait }) {
  return `${line.padStart(4)}  ${to.padEnd(14)}${waitText(wait).padStart(11)}`;
}

function board(timetable, now, count) {
  return nextDepartures(timetable, now, count).map(row).join('\n');
}

module.exports = { nextDepartures, board };
