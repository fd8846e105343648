package penstock.venue;

import penstock.ring.UpdateSlice;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/** Receives the meaning of upstream frames. All bytes are valid during the call only. Called on the feed thread. */
public interface VenueListener {
    /**
     * A new value of a topic.
     *
     * @param symbol the instrument as unescaped UTF-8; may lie in another buffer than the slices
     * @param timeUs the venue's own time, {@code Long.MIN_VALUE} if it sends none
     * @param slices reused by the next update
     */
    void onUpdate(int channel, byte[] symbol, int symbolOffset, int symbolLength, long timeUs, UpdateSlice slices);

    /** A message that is not data. */
    void onControl(ControlKind kind, byte[] frame, int offset, int length);

    /** A message that matches no rule, or that lacks the symbol or the value. */
    void onUnmatched(byte[] frame, int offset, int length);

    /** A message that is neither JSON nor a known text; {@code errorAt} counts from the first byte of the frame. */
    void onNotJson(byte[] frame, int offset, int length, int errorAt);

    /** A binary frame that could not be inflated, or not within the limit; {@code what} is the reason. */
    void onUndecodable(byte[] frame, int offset, int length, String what);

    /** A message that arrived before; it is dropped. */
    void onDuplicate(int channel);

    /**
     * Messages are missing. Called before the update that shows the gap.
     *
     * @param channel  -1: the whole connection, without a symbol
     * @param action   reaction that the venue file asks for
     * @param expected the expected number
     * @param got      the received number
     */
    void onGap(int channel, byte[] symbol, int symbolOffset, int symbolLength, GapAction action, long expected,
        long got);
}
