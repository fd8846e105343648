package penstock.bench.jmh;

import penstock.venue.VenueListener;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/** For frames that are updates, all of them: anything else is counted. Owned by the thread that measures. */
abstract class OnlyUpdates implements VenueListener {
    private long others;

    /** Number of frames that were no update. */
    final long others() {
        return others;
    }

    @Override
    public final void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        others++;
    }

    @Override
    public final void onUnmatched(final byte[] frame, final int offset, final int length) {
        others++;
    }

    @Override
    public final void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
        others++;
    }

    @Override
    public final void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
        others++;
    }

    @Override
    public final void onSymbolCollision(final byte[] symbol, final int offset, final int length) {
        others++;
    }

    @Override
    public final void onBadNumber(final int channel, final byte[] frame, final int offset, final int length) {
        others++;
    }

    @Override
    public final void onDuplicate(final int channel) {
        others++;
    }

    @Override
    public final void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final GapAction action, final long expected, final long got) {
        others++;
    }
}
