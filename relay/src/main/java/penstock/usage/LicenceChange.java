package penstock.usage;

/**
 * A licence was activated or deactivated. Immutable.
 *
 * @param by         who did it
 * @param superseded earlier changes that this one stands for, as there was no room for them
 */
record LicenceChange(Licence licence, boolean isActive, String by, String why, long atMs, long superseded) {
    LicenceChange after(final LicenceChange earlier) {
        return new LicenceChange(licence, isActive, by, why, atMs, earlier.superseded + 1);
    }
}
