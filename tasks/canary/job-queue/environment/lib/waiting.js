'use strict';

/** The jobs that wait. */
class Waiting {
  constructor() {
    this.jobs = [];
  }

  get size() {
    return this.jobs.length;
  }

  push(job) {
    this.jobs.push(job);
  }

  shift() {
    return this.jobs.shift();
  }
}

module.exports = { Waiting };
