/* Generated SBE (Simple Binary Encoding) message codec. */
package penstock.envelope;

@SuppressWarnings("all")
public enum State
{
    LIVE((short)0),

    STALE((short)1),

    CLOSED((short)2),

    /**
     * To be used to represent not present or null.
     */
    NULL_VAL((short)255);

    private final short value;

    State(final short value)
    {
        this.value = value;
    }

    /**
     * The raw encoded value in the Java type representation.
     *
     * @return the raw value encoded.
     */
    public short value()
    {
        return value;
    }

    /**
     * Lookup the enum value representing the value.
     *
     * @param value encoded to be looked up.
     * @return the enum value representing the value.
     */
    public static State get(final short value)
    {
        switch (value)
        {
            case 0: return LIVE;
            case 1: return STALE;
            case 2: return CLOSED;
            case 255: return NULL_VAL;
        }

        throw new IllegalArgumentException("Unknown value: " + value);
    }
}
