'use strict';

/** The jobs that wait: the highest priority first, among equals the one with the lower number. */
class Waiting {
  constructor() {
    this.jobs = [];
  }

  get size() {
    return this.jobs.length;
  }

  find(name) {
    return this.jobs.find((job) => job.name === name);
  }

  push(job) {
    this.jobs.push(job);
  }

  shift() {
    const before = (a, b) => a.priority > b.priority || (a.priority === b.priority && a.number < b.number);
    const first = this.jobs.reduce((best, job) => (before(job, best) ? job : best));
    this.jobs.splice(this.jobs.indexOf(first), 1);
    return first;
  }
}

module.exports = { Waiting };
