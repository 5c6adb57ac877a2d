"""Scenes: several signals at once, by one name."""


class Scenes:
    """Each scene is a list of (signal, data); the signal `scene.start` with {"scene": NAME} starts one.

    ``unheard``: (scene, signal) for each signal of a started scene for which no listener ran, in their order.
    """

    def __init__(self, hub, scenes):
        self.hub = hub
        self.scenes = scenes
        self.unheard = []
        self._off = hub.on("scene.start", self._start)

    def _start(self, name, data):
        """Send the scene's signals, and then `scene.done`."""
        scene = data["scene"]
        for signal, more in self.scenes[scene]:
            if not self.hub.send(signal, {**more, "scene": scene}):
                self.unheard.append((scene, signal))
        self.hub.send("scene.done", {"scene": scene, "signals": len(self.scenes[scene])})

    def close(self):
        """Listen no more."""
        self._off()
