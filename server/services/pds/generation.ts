/** The three message generations that PDS speaks side by side; the reply is of the generation of the request. */

export interface Generation {
  /** What replies say, whatever the request says. */
  versionCode: string;
  /** Failures name the general number and then the detailed code; the oldest generation only the first. */
  detailedReasons: boolean;
}

/** Message Implementation Manual 4.2, "2006-B". */
export const MIM42: Generation = { versionCode: 'V3NPfIT4.2.00', detailedReasons: false };

/** Message Implementation Manual 6.3, "2008-A". */
export const MIM63: Generation = { versionCode: '3NPfIT6.3.01', detailedReasons: true };

/** Message Implementation Manual 7.2, "2008-B". */
export const MIM72: Generation = { versionCode: '3NPfIT7.2.00', detailedReasons: true };
