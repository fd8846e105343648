/* Generated SBE (Simple Binary Encoding) message codec. */
package penstock.envelope;

@SuppressWarnings("all")
public enum Scope
{
    NOTHING((short)0),

    ALL((short)1),

    SOME((short)2),

    ONE((short)3),

    /**
     * To be used to represent not present or null.
     */
    NULL_VAL((short)255);

    private final short value;

    Scope(final short value)
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
    public static Scope get(final short value)
    {
        switch (value)
        {
            case 0: return NOTHING;
            case 1: return ALL;
            case 2: return SOME;
            case 3: return ONE;
            case 255: return NULL_VAL;
        }

        throw new IllegalArgumentException("Unknown value: " + value);
    }
}
