package penstock.recording.delay;

import java.nio.file.Path;

/**
 * A feed that is another one, later. Immutable.
 *
 * @param of        the name of the other one, as its files have it
 * @param directory of its recording
 * @param lagNs     how much later
 */
record DelayedFeed(String of, Path directory, long lagNs) {
}
