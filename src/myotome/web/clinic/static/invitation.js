// The code of an invitation comes behind the # of its link, which no browser sends; it is put into the form here.
const field = document.getElementById("secret");
if (location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  document.getElementById("password").focus();
}
