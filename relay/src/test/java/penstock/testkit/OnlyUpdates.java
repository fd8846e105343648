package penstock.testkit;

import penstock.venue.VenueListener;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/** Takes the updates of a venue; the rest does not matter. Owned by the thread that reads the frames. */
public abstract class OnlyUpdates implements VenueListener {
    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
    }

    @Override
    public void onUnmatched(final byte[] frame, final int offset, final int length) {
    }

    @Override
    public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
    }

    @Override
    public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
    }

    @Override
    public void onDuplicate(final int channel) {
    }

    @Override
    public void onSymbolCollision(final byte[] symbol, final int offset, final int length) {
    }

    @Override
    public void onBadNumber(final int channel, final byte[] frame, final int offset, final int length) {
    }

    @Override
    public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final GapAction action, final long expected, final long got) {
    }
}
