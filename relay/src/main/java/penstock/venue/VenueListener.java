package penstock.venue;

import penstock.ring.UpdateSlice;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/** What one upstream frame meant. All bytes are valid during the call only. Called on the feed thread. */
public interface VenueListener {
    /**
     * A new value of a topic.
     *
     * @param symbol the instrument as unescaped UTF-8; may lie in another buffer than the slices
     * @param timeUs the feed's own time, {@code Long.MIN_VALUE} when it gives none
     * @param slices reused by the next update
     */
    void onUpdate(int channel, byte[] symbol, int symbolOffset, int symbolLength, long timeUs, UpdateSlice slices);

    /** A message that is not data. */
    void onControl(ControlKind kind, byte[] frame, int offset, int length);

    /** A message that no rule takes, or whose rule does not find the symbol or the value in it. */
    void onUnmatched(byte[] frame, int offset, int length);

    /** Neither JSON nor one of the venue's texts; {@code errorAt} counts from the frame's first byte. */
    void onNotJson(byte[] frame, int offset, int length, int errorAt);

    /** A binary frame that could not be inflated, or not within the limit; {@code what} says which. */
    void onUndecodable(byte[] frame, int offset, int length, String what);

    /** A message that came before; it is dropped. */
    void onDuplicate(int channel);

    /**
     * Messages are missing; told before the update that shows it.
     *
     * @param channel  -1: the whole connection, without a symbol
     * @param action   what the venue file wants done
     * @param expected the number that was due
     * @param got      the number that came
     */
    void onGap(int channel, byte[] symbol, int symbolOffset, int symbolLength, GapAction action, long expected,
        long got);
}
