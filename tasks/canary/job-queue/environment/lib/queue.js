'use strict';
const { Waiting } = require('./waiting.js');

class Queue {
  constructor(run, { attempts = 1 } = {}) {
    this.run = run;
    this.attempts = attempts;
    this.waiting = new Waiting();
    this.log = [];
    this.failed = [];
    this.running = false;
    this.paused = false;
    this.watchers = [];
  }

  add(name) {
    this.waiting.push({ name, tries: 0 });
    this.next();
  }

  pause() {
    this.paused = true;
  }

  resume() {
    this.paused = false;
    this.next();
  }

  idle() {
    return new Promise((resolve) => {
      this.watchers.push(resolve);
      this.tell();
    });
  }

  tell() {
    if (!this.running && this.waiting.size === 0) {
      this.watchers.splice(0).forEach((resolve) => resolve());
    }
  }

  async next() {
    if (this.running || this.waiting.size === 0) return this.tell();
    this.running = true;
    const job = this.waiting.shift();
    job.tries++;
    this.log.push(job.name);
    try {
      await this.run(job.name);
    } catch {
      if (job.tries < this.attempts) this.waiting.push(job);
      else this.failed.push(job.name);
    }
    this.running = false;
    this.next();
  }
}

module.exports = { Queue };
