"""Anomaly detection: a backward pass that fails, or gives NaN, shows the line of the forward pass behind it."""

import torch._native as native


class set_detect_anomaly:
    """Switches anomaly detection, from here on or for the block it opens."""

    def __init__(self, mode, check_nan=True):
        self._before = native.anomaly_enabled()
        native.set_anomaly(bool(mode), bool(check_nan))

    def __enter__(self):
        pass

    def __exit__(self, *_):
        native.set_anomaly(self._before, True)


class detect_anomaly:
    """Anomaly detection for the block it opens; it makes every operation slower."""

    def __init__(self, check_nan=True):
        self._check_nan = check_nan

    def __enter__(self):
        self._before = native.anomaly_enabled()
        native.set_anomaly(True, bool(self._check_nan))

    def __exit__(self, *_):
        native.set_anomaly(self._before, True)
