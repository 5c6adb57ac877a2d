"""Jobs for later, kept in a JSON file so that they outlive the process."""

import json
import os


class JobQueue:
    def __init__(self, path):
        self.path = path

    def put(self, job, **arguments):
        """Keep a job for later."""
        self._save([*self.waiting(), {"job": job, "arguments": arguments}])

    def waiting(self):
        """The jobs as they are kept, oldest first."""
        if not os.path.exists(self.path):
            return []
        with open(self.path, encoding="utf-8") as file:
            return json.load(file)

    def run_all(self, actions):
        """Run every job by actions[job](**arguments); gives (results, problems). What failed stays for the next time."""
        results, problems, left = [], [], []
        for entry in self.waiting():
            try:
                results.append(actions[entry["job"]](**entry["arguments"]))
            except Exception as error:
                problems.append(f"{entry['job']}: {error}")
                left.append(entry)
        self._save(left)
        return results, problems

    def _save(self, entries):
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(entries, file, indent=1)
