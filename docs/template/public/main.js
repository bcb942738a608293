// The site's template shows, as the way to a page, the page's own entry of the menu and then the group that the entry stands in, and links groups, which
// have no page, to "undefined". Here the page comes last, and a group is plain text.
function mend(list) {
  for (const link of list.querySelectorAll('a')) {
    const target = link.getAttribute('href')
    if (!target || target === 'undefined') {
      link.replaceWith(document.createTextNode(link.textContent))
    } else if (link.pathname === location.pathname && link.getAttribute('aria-current') !== 'page') {
      link.setAttribute('aria-current', 'page')
      list.append(link.parentElement)
    }
  }
}

export default {
  start: () => {
    const place = document.getElementById('breadcrumb')
    if (!place) {
      return
    }
    new MutationObserver(() => {
      const list = place.querySelector('ol')
      if (list) {
        mend(list)
      }
    }).observe(place, { childList: true, subtree: true })
  }
}
