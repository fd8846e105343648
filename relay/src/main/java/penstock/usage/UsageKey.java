package penstock.usage;

/**
 * What usage is counted by. Immutable.
 *
 * @param licence the principal, the product, display or not
 * @param device      an address, or what the client calls itself; null = the devices beyond the bound, together
 */
record UsageKey(Licence licence, String device) {
    UsageKey {
        if (device != null) {
            Licence.checked("device", device);
        }
    }

    UsageKey ofOtherDevices() {
        return new UsageKey(licence, null);
    }
}
