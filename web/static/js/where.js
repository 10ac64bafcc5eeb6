/* The device's position: asked once, when a person wants it. */

/** The device's position; rejects with GeolocationPositionError, or at once where there is none. */
export const position = (options = {}) => new Promise((done, failed) => {
  if (!navigator.geolocation) return failed(new Error('no geolocation'));
  const wanted = { enableHighAccuracy: true, maximumAge: 10000, timeout: 15000, ...options };
  return navigator.geolocation.getCurrentPosition(done, failed, wanted);
});
