package penstock.usage;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A wall clock that a test sets, backwards too. Any thread. */
public final class HandClock extends Clock {
    private volatile long ms;

    /** Shows {@code start}. */
    public HandClock(final String start) {
        set(start);
    }

    /** Shows this time from now on. */
    public void set(final String time) {
        ms = Instant.parse(time).toEpochMilli();
    }

    /** Shows this time from now on, in milliseconds since 1970. */
    public void setMs(final long now) {
        ms = now;
    }

    @Override
    public long millis() {
        return ms;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(ms);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(final ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
